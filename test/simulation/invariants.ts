/** What must hold at every step, whatever goes wrong. */
export type Invariant =
  /** A command, and a dose a client asked for, is executed once at most, under one journal, and never after its outcome. */
  | 'executed-once'
  /** Nothing is written of a command that the journal does not hold as begun. */
  | 'journaled-before-written'
  /** `applied` comes after the PLC held the values, fed the dose, got the order. */
  | 'applied-was-done'
  /** Of what ends rejected, expired or superseded no dose is fed; what ends expired or superseded is not in the PLC. */
  | 'undone-was-not-done'
  /** No forward write begins after the deadline. */
  | 'written-in-time'
  /** Journal, store and answer name the same outcome, and no answer names one before the store. */
  | 'one-outcome'
  /** A dose is indeterminate only where a disk or the PLC lost its memory. */
  | 'indeterminate-by-loss'
  /** No older version is written after a newer one was applied. */
  | 'versions-rise'
  /** No dose begins that was issued before a pause which was applied. */
  | 'pauses-overtake'
  /** Nothing is sent to a feeder without a lease. */
  | 'sent-to-the-living'
  /** The doses of a day stay within the guard. */
  | 'guards-hold'
  /** Every command has its outcome within 5 s of everything being back. */
  | 'outcome-in-time'
  /** What was begun has its end soon after its deadline where the PLC answers, with the bridge or without it. */
  | 'taken-back-in-time'
  /** Nothing fails that has no reason to. */
  | 'no-surprise';

export type Violation = { invariant: Invariant; commandId: string | undefined; what: string };

/** What is wrong with one command. */
export type Complaint = Omit<Violation, 'commandId'>;
