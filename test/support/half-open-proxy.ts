import { onTestFinished } from 'vitest';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** A proxy that can turn its connections half-open, before a port of this machine; it ends with the test. */
export async function startHalfOpenProxy(targetPort: number): Promise<TcpProxy> {
  const proxy = await openTcpProxy(targetPort);
  onTestFinished(() => proxy.close());
  return proxy;
}
