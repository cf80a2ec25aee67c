import type { DoseReading } from '../journal/entry.ts';
import { ModbusError } from '../modbus/modbus-error.ts';
import { APPLIED, INDETERMINATE, notDone, type ActionResult } from './action-result.ts';
import { because, NOT_WRITTEN, notJournaled, reasonOf } from './change-reasons.ts';
import type { Controls } from './controls.ts';
import { judgeDose, type DoseVerdict } from './dose-verdict.ts';
import { writeForward, type Sent } from './forward-write.ts';
import { A_MINUTE, ASK_AGAIN_MS, forgivingOnce, unlessStillRefused, untilAnswered } from './patience.ts';
import type { Plc } from './plc.ts';

/** What a dose needs of the agent around it. */
export type DoseControls = Controls & {
  /** What ends it before it is begun, by the reading before it: a guard forbids it, or it may have been fed already. */
  guard: (before: DoseReading) => Promise<ActionResult | undefined>;
  /** The token that follows, where the PLC took `lastToken` last. */
  nextToken: (lastToken: number) => number;
  /** Keeps, synced, what was there before the write. Rejects when it cannot, or with `Overtaken`; then nothing is written. */
  begin: (token: number, before: DoseReading) => Promise<void>;
};

/** A PLC takes a token in its next scan, most within some milliseconds. */
const FIRST_LOOK_MS = 20;
/** With its process image a slow PLC takes no longer: a scan under way when the token is withdrawn may still take it. */
const SLOWEST_SCAN_MS = 1_000;

const NOT_TAKEN = because('expired', 'the PLC did not take the dose in time, so it was withdrawn');
const REFUSED = because('dose-refused', 'the PLC refused the dose: see its alarms and its hopper');

/** A dose as it was begun. */
type Begun = { token: number; before: DoseReading };

/**
 * One dose on one PLC by the dose handshake: read, journal, write token and grams together, and see whether the PLC took
 * the token. It is fed at most once, however often it is written: every try carries the same token. Once something of it
 * may have gone out, the PLC is asked for as long as it takes: a token left behind would be fed later. Only one that says for
 * a minute that it has no such registers is given up. Rejects with `RangeError` for a register map without a dose, and as
 * `begin` does when overtaken.
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

  /** Carries the dose out. */
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
    const barred = await this.#controls.guard(before);
    if (barred) return barred;
    await this.#controls.timeKnown();
    if (this.#controls.isInTime() === false) return notDone('expired', NOT_WRITTEN);
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
    return unlessStillRefused(INDETERMINATE, () => this.#untilSettled(begun, first));
  }

  async #untilSettled(begun: Begun, first: Sent): Promise<ActionResult> {
    let sent = first;
    for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(2 * lookMs, ASK_AGAIN_MS)) {
      const { verdict, now } = await this.#look(begun);
      if (verdict !== 'not-taken') return this.#ended(begun, verdict, now);
      if (sent.kind === 'refused') return this.#withdraw(begun, notDone('rejected', sent.reason));
      // Where that is not known, it is asked again after the next look, or the write waits for it.
      if (this.#controls.isInTime() === false) return this.#withdraw(begun, notDone('expired', NOT_TAKEN));
      const isWritten = sent.kind === 'written';
      await this.#controls.pause(isWritten ? lookMs : ASK_AGAIN_MS);
      // Even if nothing of this one goes out, an earlier one may have gone through.
      if (!isWritten) sent = await this.#write(begun.token);
    }
  }

  /** Sets the token back; only where the PLC, looked at after that, has not taken it, was nothing dosed. */
  async #withdraw(begun: Begun, notTaken: ActionResult): Promise<ActionResult> {
    await this.#setBack(begun, begun.before.lastToken);
    await this.#controls.pause(SLOWEST_SCAN_MS);
    const { verdict, now } = await this.#look(begun);
    return verdict === 'not-taken' ? notTaken : this.#ended(begun, verdict, now);
  }

  async #ended(begun: Begun, verdict: Exclude<DoseVerdict, 'not-taken'>, { lastToken }: DoseReading): Promise<ActionResult> {
    switch (verdict) {
      case 'fed':
        return APPLIED;
      case 'refused':
        return notDone('rejected', REFUSED);
      case 'unclear':
        // A token that waits must not be taken later, when somebody may have fed by hand.
        await this.#setBack(begun, lastToken);
        return INDETERMINATE;
    }
  }

  /** Sees to it that the token does not wait in the PLC, however long that takes: it would be fed later. */
  async #setBack({ token }: Begun, lastToken: number): Promise<void> {
    while (!(await untilAnswered(() => this.#isSetBack(token, lastToken), this.#controls, A_MINUTE))) {
      await this.#controls.pause(ASK_AGAIN_MS);
    }
  }

  /** Sets the token back; a PLC that does not take that is as well where it never had it. */
  async #isSetBack(token: number, lastToken: number): Promise<boolean> {
    try {
      await this.#plc.writeToken(lastToken);
      return true;
    } catch (error) {
      if (!(error instanceof ModbusError)) throw error;
      return (await this.#plc.readToken()) !== token;
    }
  }

  #write(token: number): Promise<Sent> {
    return writeForward((mayStart) => this.#plc.writeDose(token, this.#grams, mayStart), this.#controls);
  }

  async #look(begun: Begun): Promise<{ verdict: DoseVerdict; now: DoseReading }> {
    const now = await untilAnswered(() => this.#read(), this.#controls, A_MINUTE);
    const verdict = judgeDose(begun, now, this.#plc.map);
    if (verdict !== 'fed') return { verdict, now };
    // It may have lost its memory after its token was read, and with it the refusal that would have been read next.
    const lastToken = await untilAnswered(() => this.#plc.readLastToken(), this.#controls, A_MINUTE);
    return { verdict: lastToken === begun.token ? 'fed' : 'unclear', now: { ...now, lastToken } };
  }

  async #read(): Promise<DoseReading> {
    const reading = await this.#plc.readDose();
    this.#controls.hasRead();
    return reading;
  }
}
