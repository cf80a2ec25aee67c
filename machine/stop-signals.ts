/**
 * The same signal so soon again is the same wish: Ctrl-C reaches a program from the terminal and from npm, and service
 * managers end npm and what it started at once, whereupon npm passes the signal on.
 */
const SAME_WISH_MS = { SIGINT: 500, SIGTERM: 100 };

/** Runs `stop` on SIGINT or SIGTERM and exits 0 when it is done, 1 when it fails. A second signal exits at once. */
export function stopOnSignal(stop: () => Promise<void>, onFailure: (error: unknown) => void): void {
  let first: { signal: keyof typeof SAME_WISH_MS; atMs: number } | undefined;
  const onSignal = (signal: keyof typeof SAME_WISH_MS): void => {
    const atMs = performance.now();
    if (first) {
      if (signal !== first.signal || atMs - first.atMs > SAME_WISH_MS[signal]) process.exit(1);
      return;
    }
    first = { signal, atMs };
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        onFailure(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => onSignal('SIGINT'));
  process.on('SIGTERM', () => onSignal('SIGTERM'));
}
