import type { Reason } from '../../topics/commands.ts';
import type { DoseReading } from '../journal/entry.ts';
import { ModbusError } from '../modbus/modbus-error.ts';
import { APPLIED, INDETERMINATE, notDone, type ActionResult } from './action-result.ts';
import { because, NOT_WRITTEN, notJournaled, reasonOf } from './change-reasons.ts';
import type { Controls } from './controls.ts';
import { judgeDose, type DoseVerdict } from './dose-verdict.ts';
import { writeForward, type Sent } from './forward-write.ts';
import { ASK_AGAIN_MS, forgivingOnce, unlessStillRefused, untilAnswered } from './patience.ts';
import type { Plc } from './plc.ts';

/** What a dose needs of the agent around it. */
export type DoseControls = Controls & {
  /** Why it must not be fed now, by the reading before it. */
  guard: (before: DoseReading) => Reason | undefined;
  /** The token that follows, where the PLC took `lastToken` last. */
  nextToken: (lastToken: number) => number;
  /** Keeps, synced, what was there before the write. Rejects when it cannot; then nothing is written. */
  begin: (token: number, before: DoseReading) => Promise<void>;
};

/** A PLC takes a token in its next scan, which may be some milliseconds or a second away. */
const FIRST_LOOK_MS = 20;
/** Longer than any scan: one under way when the token is withdrawn may still take it. */
const SCAN_MS = 200;

const NOT_TAKEN = because('expired', 'the PLC did not take the dose in time, so it was withdrawn');
const REFUSED = because('dose-refused', 'the PLC refused the dose: see its alarms and its hopper');

/** A dose as it was begun. */
type Begun = { token: number; before: DoseReading };

/**
 * One dose on one PLC by the dose handshake: read, journal, write token and grams together, and see whether the PLC took
 * the token. It is fed at most once, however often it is written: every try carries the same token. Rejects with
 * `RangeError` for a register map without a dose.
 */
export class Dose {
  readonly #plc: Plc;
  readonly #grams: number;
  readonly #controls: DoseControls;

  constructor(plc: Plc, grams: number, controls: DoseControls) {
    this.#plc = plc;
    this.#grams = grams;
    this.#controls = controls;
  }

  /** Carries the dose out. Waits as long as it takes where the outcome hangs on a PLC that does not answer. */
  async run(): Promise<ActionResult> {
    const problem = this.#plc.gramsProblem(this.#grams);
    if (problem !== undefined) return notDone('rejected', because('out-of-range', problem, { parameter: 'grams' }));
    let before: DoseReading;
    try {
      before = await forgivingOnce(() => this.#read(), this.#controls);
    } catch (error) {
      if (error instanceof ModbusError) return notDone('rejected', reasonOf(error, 'plc-unreachable'));
      throw error;
    }
    const guarded = this.#controls.guard(before);
    if (guarded) return notDone('rejected', guarded);
    if (!this.#controls.isInTime()) return notDone('expired', NOT_WRITTEN);
    const token = this.#controls.nextToken(before.lastToken);
    try {
      await this.#controls.begin(token, before);
    } catch (error) {
      return notDone('rejected', notJournaled(error));
    }
    const sent = await this.#write(token);
    return sent.kind === 'nothing-sent' ? notDone(sent.outcome, sent.reason) : this.#settle({ token, before }, sent);
  }

  /** Goes on with a dose that was begun earlier, and whose write may have gone out. */
  resume(token: number, before: DoseReading): Promise<ActionResult> {
    return this.#settle({ token, before }, { kind: 'unanswered' });
  }

  #settle(begun: Begun, first: Sent): Promise<ActionResult> {
    return unlessStillRefused(INDETERMINATE, async () => {
      let sent = first;
      for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(2 * lookMs, ASK_AGAIN_MS)) {
        const { verdict, now } = await this.#look(begun);
        if (verdict !== 'not-taken') return this.#ended(verdict, now);
        if (sent.kind === 'refused') return this.#withdraw(begun, notDone('rejected', sent.reason));
        if (!this.#controls.isInTime()) return this.#withdraw(begun, notDone('expired', NOT_TAKEN));
        const isWritten = sent.kind === 'written';
        await this.#controls.pause(isWritten ? lookMs : ASK_AGAIN_MS);
        // Even if nothing of this one goes out, an earlier one may have gone through.
        if (!isWritten) sent = await this.#write(begun.token);
      }
    });
  }

  /** Sets the token back; only where the PLC, looked at after that, has not taken it, was nothing dosed. */
  async #withdraw(begun: Begun, notTaken: ActionResult): Promise<ActionResult> {
    await this.#setBack(begun.before.lastToken);
    await this.#controls.pause(SCAN_MS);
    const { verdict, now } = await this.#look(begun);
    return verdict === 'not-taken' ? notTaken : this.#ended(verdict, now);
  }

  async #ended(verdict: Exclude<DoseVerdict, 'not-taken'>, { lastToken }: DoseReading): Promise<ActionResult> {
    switch (verdict) {
      case 'fed':
        return APPLIED;
      case 'refused':
        return notDone('rejected', REFUSED);
      case 'unclear':
        // A token that waits must not be taken later, when somebody may have fed by hand.
        await this.#setBack(lastToken);
        return INDETERMINATE;
    }
  }

  #setBack(lastToken: number): Promise<void> {
    return untilAnswered(() => this.#plc.writeToken(lastToken), this.#controls);
  }

  #write(token: number): Promise<Sent> {
    return writeForward((mayStart) => this.#plc.writeDose(token, this.#grams, mayStart), this.#controls);
  }

  async #look(begun: Begun): Promise<{ verdict: DoseVerdict; now: DoseReading }> {
    const now = await untilAnswered(() => this.#read(), this.#controls);
    return { verdict: judgeDose(begun, now, this.#plc.map), now };
  }

  async #read(): Promise<DoseReading> {
    const reading = await this.#plc.readDose();
    this.#controls.hasRead();
    return reading;
  }
}
