/** What carrying out a command on a PLC needs of the agent around it. */
export type Controls = {
  /**
   * Whether it is surely before the deadline; asked again directly before each forward write goes out. Undefined while
   * that is not known: then nothing is written, and it is not surely too late either.
   */
  isInTime: () => boolean | undefined;
  /** Resolves when the bridge's time is known, or the deadline is surely past; rejects when the agent stops. */
  timeKnown: () => Promise<void>;
  /** Called with each reading, so that its time is known. */
  hasRead: () => void;
  /** Waits before the PLC is asked again; rejects when the agent stops. */
  pause: (ms: number) => Promise<void>;
  /** Told `writing` directly before a forward write goes out, and `written` when it was answered. */
  reached: (point: 'writing' | 'written') => void;
};

/** A pause came before anything was begun: `begin` rejects with it, and the command may be run again later. */
export class Overtaken extends Error {}
