import type { Page } from '../../fleet/fleet-order.ts';

/** The browser's frames and time, for a list of feeders. */
export const pageWith = (list: () => Element | null): Page => ({
  nextFrame: (then) => {
    const frame = requestAnimationFrame(then);
    return () => cancelAnimationFrame(frame);
  },
  after: (ms, then) => {
    const wait = setTimeout(then, ms);
    return () => clearTimeout(wait);
  },
  nowMs: () => performance.now(),
  isAnswering: () => (list()?.querySelector('dialog[open]') ?? null) !== null,
});
