import { Aedes } from 'aedes';
import { onTestFinished, vi } from 'vitest';

export type Routed = { topic: string; retain: boolean; payload: string };

/**
 * Everything the broker routes from now on, until the test ends. No client may read an agent's topics, so what becomes
 * of a message there is seen only here.
 */
export function watchRouting(): Routed[] {
  const routed: Routed[] = [];
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called below with the broker it belongs to
  const route = Aedes.prototype.publish;
  const spy = vi.spyOn(Aedes.prototype, 'publish').mockImplementation(function (this: Aedes, ...args: Parameters<Aedes['publish']>) {
    const { topic, retain, payload } = args[0];
    routed.push({ topic, retain, payload: String(payload) });
    route.apply(this, args);
  });
  onTestFinished(() => spy.mockRestore());
  return routed;
}
