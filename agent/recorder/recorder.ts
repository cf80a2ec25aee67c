import type { Values } from '../../topics/parameters.ts';
import type { ConfigReport, PlcLink } from '../../topics/payloads.ts';
import type { Moment } from '../clock.ts';
import type { Journal } from '../journal/journal.ts';
import type { Readings } from '../plc/plc.ts';
import type { RegisterMap } from '../plc/register-map.ts';
import type { Spool } from '../spool/spool.ts';
import { alarmsSeen } from './alarms.ts';
import { countersSeen } from './counters-seen.ts';
import { whatIsNew, type Seen } from './news.ts';
import type { ReadingsSeen } from './readings.ts';

export type RecorderDeps = {
  spool: Pick<Spool, 'observed' | 'append'>;
  journal: Pick<Journal, 'appliedDoses' | 'unfinished'>;
  map: RegisterMap;
  /** Records cannot be kept, for the first time since they last could. */
  onFailing: (error: unknown) => void;
  /** They can be kept again. */
  onWell: () => void;
};

/**
 * Records what is seen of one feeder's PLC: the readings by exception, the meals that its counters tell, its alarms, its
 * config, and whether it is there. One append at a time; what comes meanwhile is seen by the next, which goes by the latest
 * look alone. What could not be kept is found by the next look. Never throws.
 */
export class Recorder {
  readonly #deps: RecorderDeps;
  readonly #seen: Seen = {};
  #recordedReadings: ReadingsSeen | undefined;
  #recording: Promise<void> = Promise.resolve();
  #isRecording = false;
  /** Something was seen since the append under way began. */
  #isBehind = false;
  #isFailing = false;
  #isStopped = false;

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
  }

  /** The PLC's readings, counters and alarms as they were read; undefined where it does not answer. */
  readings(readings: Readings | undefined, at: Moment): void {
    if (readings === undefined) {
      this.#seen.readings = undefined;
      this.plc('unreachable', at);
      return;
    }
    const { values, meals, alarms } = readings;
    this.#seen.readings = { values, at };
    this.#seen.alarms = alarmsSeen(this.#seen.alarms, alarms, at);
    if (meals) this.#seen.counters = countersSeen(this.#seen.counters, meals, at);
    this.plc('ok', at);
  }

  /** All config values as the PLC holds them. */
  config(values: Values, at: Moment, source: ConfigReport['source']): void {
    this.#seen.config = { values, source, at };
    this.#record();
  }

  /** Whether the PLC is there. */
  plc(state: PlcLink, at: Moment): void {
    if (this.#seen.plc?.state !== state) this.#seen.plc = { state, since: at };
    this.#record();
  }

  /** Records nothing more; resolves when no append is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#recording;
  }

  #record(): void {
    this.#isBehind = true;
    if (!this.#isStopped && !this.#isRecording) this.#recording = this.#catchUp();
  }

  /** Keeps what is new until nothing was seen meanwhile; never rejects. */
  async #catchUp(): Promise<void> {
    this.#isRecording = true;
    try {
      while (this.#isBehind && !this.#isStopped) {
        this.#isBehind = false;
        await this.#keep();
      }
    } catch (error) {
      // The next look finds it again.
      this.#isBehind = false;
      if (!this.#isFailing) this.#deps.onFailing(error);
      this.#isFailing = true;
    } finally {
      this.#isRecording = false;
    }
  }

  async #keep(): Promise<void> {
    const { spool, journal, map } = this.#deps;
    const doses = { given: journal.appliedDoses, isUnderWay: journal.unfinished.some(({ kind }) => kind === 'feed-now') };
    const news = whatIsNew({ observed: spool.observed, readings: this.#recordedReadings }, this.#seen, doses, map);
    if (!news) return;
    await spool.append(news.happened, news.observed);
    this.#recordedReadings = news.readings;
    if (this.#isFailing) this.#deps.onWell();
    this.#isFailing = false;
  }
}
