import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';

/** Whether what a peer says of the address before it is taken: by its own address, and how many hops it is away, from 0. */
export type TrustProxy = (address: string, hop: number) => boolean;

const MAX_HOPS = 10;

/**
 * Whom TRUST_PROXY trusts: `true` or a number of proxies in a row before the bridge, or their addresses, networks and
 * `loopback`, `linklocal`, `uniquelocal`, separated by commas. Nobody for `false`; undefined where it is none of these.
 */
export function trustedProxies(text: string): TrustProxy | 'nobody' | undefined {
  if (text === 'false') return 'nobody';
  const hops = text === 'true' ? 1 : /^\d+$/.test(text) ? Number(text) : undefined;
  if (hops !== undefined) return hops >= 1 && hops <= MAX_HOPS ? (_address, hop) => hop < hops : undefined;
  try {
    return proxyAddr.compile(text.split(',').map((part) => part.trim()));
  } catch {
    return undefined;
  }
}

/** Where a request comes from: the other end of its connection, or whom trusted proxies name in `X-Forwarded-For`. */
export function addressOf(request: IncomingMessage, trusted: TrustProxy | undefined): string | undefined {
  return trusted === undefined ? request.socket.remoteAddress : proxyAddr(request, trusted);
}
