import type { Reason } from '../../topics/commands.ts';
import { checkValue, sameValue, type Parameter, type Values } from '../../topics/parameters.ts';
import { ModbusError } from '../modbus/modbus-error.ts';
import { because, LATE, LATE_BETWEEN_WRITES, mismatch, NOT_ARRIVED, NOT_WRITTEN, notJournaled, reasonOf } from './change-reasons.ts';
import { firstMissed, isAsBefore, judge, movedParameters, type Situation, type WriteProgress } from './change-verdict.ts';
import type { Controls } from './controls.ts';
import { writeForward } from './forward-write.ts';
import { A_FEW_TRIES, ASK_AGAIN_MS, forgivingOnce, TRIES, unlessStillRefused, untilAnswered } from './patience.ts';
import type { Plc } from './plc.ts';
import { profileParameters } from './register-map.ts';
import type { WritePart } from './write-part.ts';

/** What the change needs of the agent around it. */
export type ChangeControls = Controls & {
  /** Keeps, synced, what was there before the first write. Rejects when it cannot, or with `Overtaken`; then nothing is written. */
  begin: (previous: Values) => Promise<void>;
};

/** How a config change ended, with the changed parameters as they are and were, where they were read. */
export type ChangeResult = { readBack?: Values; previous?: Values } & (
  | { outcome: 'applied' | 'indeterminate' }
  | { outcome: 'rejected' | 'expired'; reason: Reason }
);

/** The parameter that decides whether the feeder feeds. */
const SWITCH = 'feedingEnabled';

/** How one round of writes went, and the reason to give should the change fail for it. */
type Attempt = { progress: WriteProgress; reason?: Reason };
/** A round of which nothing went out, and what that makes of a change that had no other. */
type NothingSent = { progress: 'nothing-sent'; outcome: 'rejected' | 'expired'; reason: Reason };

/**
 * One change of config values on one PLC: read what is there, write, read back, compare; put back what was written if
 * any part fails. `applied` only ever follows a reading that shows every value asked for.
 */
export class ConfigChange {
  readonly #plc: Plc;
  readonly #changes: Values;
  readonly #expected: Values | undefined;
  readonly #controls: ChangeControls;
  readonly #parameters: ReadonlyMap<string, Parameter>;

  constructor(plc: Plc, { changes, expected }: { changes: Values; expected?: Values | undefined }, controls: ChangeControls) {
    this.#plc = plc;
    this.#changes = changes;
    this.#expected = expected;
    this.#controls = controls;
    this.#parameters = new Map(profileParameters(plc.map).map((parameter) => [parameter.name, parameter]));
  }

  /** Carries the change out. Waits as long as it takes where the outcome hangs on a PLC that does not answer. */
  async run(): Promise<ChangeResult> {
    const wrong = this.#firstWrongValue();
    if (wrong) return { outcome: 'rejected', reason: wrong };
    let before: Values;
    try {
      before = await forgivingOnce(() => this.#read(this.#expected === undefined ? Object.keys(this.#changes) : 'all'), this.#controls);
    } catch (error) {
      if (error instanceof ModbusError) return { outcome: 'rejected', reason: reasonOf(error, 'plc-unreachable') };
      throw error;
    }
    const previous = this.#changedOf(before);
    const stale = this.#firstStale(before);
    if (stale) return { outcome: 'rejected', reason: stale, readBack: previous, previous };
    await this.#controls.timeKnown();
    if (this.#controls.isInTime() === false) return { outcome: 'expired', reason: NOT_WRITTEN };
    try {
      await this.#controls.begin(previous);
    } catch (error) {
      return { outcome: 'rejected', reason: notJournaled(error), readBack: previous, previous };
    }
    const attempt = await this.#write();
    if (attempt.progress === 'nothing-sent') {
      const { outcome, reason } = attempt;
      return { outcome, reason, readBack: previous, previous };
    }
    return this.#settle(previous, attempt);
  }

  /** Judges a change that may have been made before by what the PLC holds, and writes nothing. */
  async compare(): Promise<ChangeResult> {
    if (this.#firstWrongValue()) return { outcome: 'indeterminate' };
    return unlessStillRefused<ChangeResult>({ outcome: 'indeterminate' }, async () => {
      const situation = await this.#look({});
      return { outcome: firstMissed(situation) === undefined ? 'applied' : 'indeterminate', readBack: situation.held };
    });
  }

  /** Goes on with a change that was begun earlier, when the PLC held `previous`, and whose writes may have gone out. */
  async resume(previous: Values): Promise<ChangeResult> {
    // Under a register map that was changed since, it can be neither judged nor put back.
    if (this.#firstWrongValue() || !this.#canWrite(previous)) return { outcome: 'indeterminate', previous };
    return this.#settle(previous, { progress: 'unknown', reason: LATE });
  }

  #settle(previous: Values, first: Attempt): Promise<ChangeResult> {
    return unlessStillRefused<ChangeResult>({ outcome: 'indeterminate', previous }, async () => ({
      ...(await this.#untilSettled(previous, first)),
      previous,
    }));
  }

  async #untilSettled(previous: Values, first: Attempt): Promise<ChangeResult> {
    for (let attempt = first; ; attempt = await this.#writeAgain()) {
      const { progress, reason } = attempt;
      const situation = await this.#look(previous);
      // Where the time is not known, the next write waits for it, and what it then finds is looked at anew.
      const verdict = judge(situation, progress, this.#controls.isInTime() !== false);
      switch (verdict.kind) {
        case 'applied':
        case 'indeterminate':
          return { outcome: verdict.kind, readBack: situation.held };
        case 'expired':
          return { outcome: 'expired', reason: NOT_ARRIVED, readBack: situation.held };
        case 'put-back':
          return this.#putBack(previous, reason ?? mismatch(situation));
        case 'write-again':
          await this.#controls.pause(ASK_AGAIN_MS);
      }
    }
  }

  /** Another round. An earlier one may have gone through, even if nothing of this one went out. */
  async #writeAgain(): Promise<Attempt> {
    const attempt = await this.#write();
    return attempt.progress === 'nothing-sent' ? { progress: 'unknown', reason: LATE } : attempt;
  }

  /** Sends the parts in order, as long as each is answered and starts in time. */
  async #write(): Promise<Attempt | NothingSent> {
    for (const [index, part] of this.#partsOf(this.#changes).entries()) {
      const sent = await writeForward((mayStart) => this.#plc.write(part, mayStart), this.#controls);
      switch (sent.kind) {
        case 'written':
          continue;
        case 'refused':
          return { progress: 'refused', reason: sent.reason };
        case 'unanswered':
          return { progress: 'unknown', reason: LATE };
        case 'nothing-sent':
          if (index === 0) return { progress: 'nothing-sent', outcome: sent.outcome, reason: sent.reason };
          return sent.outcome === 'expired'
            ? { progress: 'late', reason: LATE_BETWEEN_WRITES }
            : { progress: 'unknown', reason: LATE };
      }
    }
    return { progress: 'all-written' };
  }

  /** The writes that make `values`: feeding stops before anything else changes, and starts when all else is in place. */
  #partsOf(values: Values): WritePart[] {
    const parts = this.#plc.planWrites(values);
    const isSwitch = ({ parameters }: WritePart) => parameters.includes(SWITCH);
    const switches = parts.filter(isSwitch);
    const others = parts.filter((part) => !isSwitch(part));
    return values[SWITCH] === true ? [...others, ...switches] : [...switches, ...others];
  }

  /** Puts back what is still at target, and tells what the PLC then holds. */
  async #putBack(previous: Values, reason: Reason): Promise<ChangeResult> {
    for (let tries = 0, isFirst = true; tries < TRIES; isFirst = false) {
      const situation = await this.#look(previous);
      const moved = movedParameters(situation);
      if (moved.length === 0) return this.#afterPutBack(situation, reason);
      if (!isFirst) await this.#controls.pause(ASK_AGAIN_MS);
      const former = Object.fromEntries(Object.entries(previous).filter(([name]) => moved.includes(name)));
      if (await this.#sendBack(this.#partsOf(former))) tries += 1;
    }
    return this.#afterPutBack(await this.#look(previous), reason);
  }

  /** Sends each part, however the others went: the next look tells what came of it. False where the PLC was too busy for one. */
  async #sendBack(parts: readonly WritePart[]): Promise<boolean> {
    let wasTried = true;
    for (const part of parts) {
      try {
        await this.#plc.write(part);
      } catch (error) {
        if (!(error instanceof ModbusError)) throw error;
        if (error.isBusy) wasTried = false;
      }
    }
    return wasTried;
  }

  #afterPutBack(situation: Situation, reason: Reason): ChangeResult {
    // Too late, and not all as it was before: what the PLC holds cannot be put down to one or the other.
    if (reason.code === 'expired' && !isAsBefore(situation)) {
      return { outcome: 'indeterminate', readBack: situation.held };
    }
    return { outcome: 'rejected', reason, readBack: situation.held };
  }

  #firstWrongValue(): Reason | undefined {
    for (const [name, value] of Object.entries(this.#changes)) {
      const parameter = this.#parameters.get(name);
      if (parameter === undefined) {
        return because('unsupported-parameter', `the register map has no ${name}`, { parameter: name });
      }
      const problem = checkValue(parameter, value);
      if (problem) return because('out-of-range', problem.detail, { parameter: name });
    }
    return undefined;
  }

  #canWrite(values: Values): boolean {
    try {
      this.#plc.planWrites(values);
      return true;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  #firstStale(held: Values): Reason | undefined {
    for (const [name, value] of Object.entries(this.#expected ?? {})) {
      const now = held[name];
      if (now === undefined || !sameValue(this.#parameters.get(name), value, now)) {
        const message = `${name} was expected to be ${value}, but the PLC holds ${now ?? 'no such value'}`;
        return because('stale-version', message, { parameter: name });
      }
    }
    return undefined;
  }

  /** Reads the changed parameters, waiting for a PLC that does not answer. */
  async #look(previous: Values): Promise<Situation> {
    const held = await untilAnswered(() => this.#read(Object.keys(this.#changes)), this.#controls, A_FEW_TRIES);
    return { changes: this.#changes, previous, held, parameterOf: (name) => this.#parameters.get(name) };
  }

  async #read(names: readonly string[] | 'all'): Promise<Values> {
    const values = await this.#plc.readConfig(names, 'write');
    this.#controls.hasRead();
    return values;
  }

  #changedOf(values: Values): Values {
    return Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(this.#changes, name)));
  }
}
