/** The two clocks of a machine, handed in so that a test can move them. */
export type MachineClocks = {
  /** Milliseconds since 1970; may be hours wrong, and may jump either way. */
  wallMs(): number;
  /** Milliseconds since some start; never jumps, but may stand still while the machine is suspended. */
  monotonicMs(): number;
};

export const machineClocks: MachineClocks = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
