// Loaded into a bridge before its own code: tells its memory when asked, after a full collection.
process.on('message', () => {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ residentBytes: rss, usedBytes: heapUsed + external });
});
