import { setTimeout as delay } from 'node:timers/promises';

/** A disk that hangs must not keep the agent from its bridge. */
const LOOK_UP_WITHIN_MS = 2_000;

export type LookedUp = { ok: true; value: string } | { ok: false; problem: string };

/** A feeder's token, looked up anew for each session, so that one which was replaced needs no restart. */
export class FeederToken {
  readonly #lookUp: () => Promise<LookedUp>;
  #last: string;
  /** Each look-up that hangs keeps a thread: there is one at most. */
  #underWay: Promise<LookedUp> | undefined;
  #problem: string | undefined;

  /** `first` is what a look-up gave; `lookUp` never rejects. */
  constructor(first: string, lookUp: () => Promise<LookedUp>) {
    this.#last = first;
    this.#lookUp = lookUp;
  }

  /**
   * The token as it is now or, where it cannot be read, as it was read last; `onChange` hears whenever what keeps it from
   * being read is another than before, undefined: nothing any more. Never rejects.
   */
  async read(onChange: (problem: string | undefined) => void): Promise<string> {
    this.#underWay ??= this.#lookUp().finally(() => (this.#underWay = undefined));
    const late: LookedUp = { ok: false, problem: `expected the token to be read within ${LOOK_UP_WITHIN_MS} ms` };
    const found = await Promise.race([this.#underWay, delay(LOOK_UP_WITHIN_MS, late, { ref: false })]);
    if (found.ok) this.#last = found.value;
    const problem = found.ok ? undefined : found.problem;
    const isChanged = problem !== this.#problem;
    this.#problem = problem;
    if (isChanged) onChange(problem);
    return this.#last;
  }
}
