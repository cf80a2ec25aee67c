// Loaded into a bridge before its own code: tells its memory, after a full collection, and its CPU time when asked.
process.on('message', () => {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.send?.({ residentBytes: rss, usedBytes: heapUsed + external, cpuMs: (user + system) / 1000 });
});
