/** Ctrl-C under npm comes twice, from the terminal and from npm; so close together they are one wish. */
const SAME_WISH_MS = 500;

/** Runs `stop` on SIGINT or SIGTERM and exits 0 when it is done, 1 when it fails. A second signal exits at once. */
export function stopOnSignal(stop: () => Promise<void>, onFailure: (error: unknown) => void): void {
  let firstAtMs: number | undefined;
  const onSignal = (): void => {
    if (firstAtMs !== undefined) {
      if (performance.now() - firstAtMs > SAME_WISH_MS) process.exit(1);
      return;
    }
    firstAtMs = performance.now();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        onFailure(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}
