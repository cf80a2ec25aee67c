/** Has something done later, once; handed in so that a simulation can run the time. */
export type Timers = {
  /** Does `work` after `delayMs`; calling what it returns calls that off. */
  after(delayMs: number, work: () => void): () => void;
};

export const machineTimers: Timers = {
  after: (delayMs, work) => {
    const timer = setTimeout(work, delayMs);
    return () => clearTimeout(timer);
  },
};
