import type { MachineClocks } from '../machine/clocks.ts';
import type { Log } from '../machine/log.ts';
import { machineTimers } from '../machine/timers.ts';
import { toInstant } from '../topics/identifiers.ts';
import type { Values } from '../topics/parameters.ts';
import type { ConfigReport, State } from '../topics/payloads.ts';
import type { BridgeTime, Moment } from './clock.ts';
import { Executor } from './executor.ts';
import type { Journal } from './journal/journal.ts';
import { Link } from './link.ts';
import type { ModbusConnection } from './modbus/connection.ts';
import { Plc, type Readings } from './plc/plc.ts';
import { Poller } from './poller.ts';
import { profileOf } from './profile.ts';
import { ReadingTimes } from './reading-times.ts';
import { Recorder } from './recorder/recorder.ts';
import type { AgentSettings, FeederSettings } from './settings.ts';
import type { DiskSpool } from './spool/disk-spool.ts';
import { Sender } from './spool/sender.ts';

/** What one feeder's agent is made of; its connection may be shared. */
export type FeederParts = { connection: ModbusConnection; journal: Journal; spool: DiskSpool; clock: BridgeTime; machine: MachineClocks };

/** Everything the agent does for one feeder: its link, its PLC, and what goes between them. */
export class FeederAgent {
  readonly #clock: BridgeTime;
  readonly #link: Link;
  readonly #poller: Poller;
  readonly #executor: Executor;
  readonly #recorder: Recorder;
  readonly #sender: Sender;
  readonly #journal: Journal;
  readonly #machine: MachineClocks;
  readonly #onFault: (error: unknown) => void;
  readonly #startedAtMs: number;
  readonly #heartbeatMs: number;
  readonly #readings = new ReadingTimes();
  /** A report of a time when the bridge's was not known. */
  #owedReport: ConfigReport['source'] | undefined;
  #state: { told: string; publishedAtMs: number } | undefined;
  #lastValues: Values = {};

  constructor(
    settings: FeederSettings,
    { bridgeUrl, ca, heartbeatSeconds }: AgentSettings,
    { connection, journal, spool, clock, machine }: FeederParts,
    log: Log,
  ) {
    const { feederId, token, unitId, registerMap, registerMapSha256, pollSeconds } = settings;
    const plc = new Plc(connection, unitId, registerMap);
    const onFault = (error: unknown): void => log.error({ err: error, feederId }, 'something failed');
    this.#journal = journal;
    this.#machine = machine;
    this.#onFault = onFault;
    this.#startedAtMs = machine.monotonicMs();
    this.#heartbeatMs = heartbeatSeconds * 1000;
    this.#clock = clock;
    const profile = profileOf(registerMap, registerMapSha256);
    this.#recorder = new Recorder({
      spool,
      journal,
      map: registerMap,
      onFailing: (error) => log.error({ err: error, feederId }, 'history cannot be kept: what the PLC counts is found when it can'),
      onWell: () => log.info({ feederId }, 'history is kept again'),
    });
    this.#poller = new Poller({
      plc,
      pollSeconds,
      moment: () => this.#clock.moment(),
      onConfig: (values, readAt, source) => {
        this.#recorder.config(values, readAt, source);
        this.#reportConfig(values, readAt, source);
      },
      onReadings: (readings, readAt) => {
        this.#recorder.readings(readings, readAt);
        this.#reportState(readings, readAt);
      },
      onLink: (link, why) => {
        log.info({ feederId, plc: link, why }, 'PLC link');
        this.#recorder.plc(link, clock.moment());
        // The bridge should refuse changes from now on, or take them again, and not only at the next beat.
        this.#link.beat();
      },
      onProblem: onFault,
    });
    this.#link = new Link({
      url: bridgeUrl,
      ca,
      feederId,
      readToken: () =>
        token.read((why) => {
          if (why === undefined) log.info({ feederId }, 'the token can be read again');
          else log.warn({ feederId, why }, 'the token cannot be read: the last one read goes on being used');
        }),
      heartbeatSeconds,
      clock: this.#clock,
      journalId: journal.journalId,
      profile,
      vitals: () => ({
        plc: this.#poller.link,
        configVersion: journal.appliedVersion,
        uptimeSeconds: Math.floor(this.#uptimeMs() / 1000),
      }),
      onCommand: (command) => this.#executor.receive(command),
      onReceipt: (receipt) => this.#sender.receive(receipt),
      onClock: (isFirst) => this.#clockTold(isFirst),
      onEvent: ({ kind, ...detail }) => {
        log.info({ feederId, ...detail }, `link: ${kind}`);
        if (kind === 'disconnected') this.#sender.sessionOver();
      },
    });
    this.#sender = new Sender({
      spool,
      timers: machineTimers,
      send: (batch) => this.#link.publish('records', batch),
      onOldCopy: () => log.error({ feederId }, 'the bridge has records that this spool never gave: it is an old copy, and begins anew'),
      onFailing: (error) => log.error({ err: error, feederId }, 'records cannot be read from the spool, or not be let go of'),
      onWell: () => log.info({ feederId }, 'records can be read from the spool again'),
    });
    this.#executor = new Executor({
      plc,
      clock: this.#clock,
      timers: machineTimers,
      journal,
      readings: this.#readings,
      sendAck: (ack) => this.#link.publish('ack', ack),
      beat: () => this.#link.beat(),
      onBegin: () => this.#poller.commandBegins(),
      onEnd: (read) => this.#poller.commandEnds(read),
      onFinished: ({ commandId, traceparent }, { outcome, reason }) =>
        log.info({ feederId, commandId, traceparent, outcome, reason }, 'command finished'),
      onFault,
    });
  }

  /** Reads the PLC, so that the first heartbeat can tell of it, connects, and goes on with what an earlier process began. */
  async start(): Promise<void> {
    await this.#poller.start();
    this.#link.start();
    this.#executor.start();
  }

  /** Ends what runs, says goodbye and stops. */
  async stop(): Promise<void> {
    await this.#poller.stop();
    await this.#executor.stop();
    await this.#recorder.stop();
    await this.#link.stop();
    await this.#sender.stop();
  }

  #uptimeMs(): number {
    return this.#machine.monotonicMs() - this.#startedAtMs;
  }

  #clockTold(isFirst: boolean): void {
    this.#executor.timeTold(this.#tellJournal());
    if (isFirst) this.#sender.sessionReady();
    // A bridge that was restarted knows no readings: the next poll tells them, changed or not.
    if (isFirst) this.#state = undefined;
    const { config } = this.#poller;
    const source = isFirst ? 'start' : this.#owedReport;
    if (source && config) this.#reportConfig(config.values, config.readAt, source);
  }

  /** Tells the journal what the bridge's time is; never rejects. */
  async #tellJournal(): Promise<void> {
    const [earliestMs, latestMs] = [this.#clock.earliestNow(), this.#clock.latestNow()];
    if (earliestMs === undefined || latestMs === undefined) return;
    await this.#journal.bridgeTimeTold({ earliestMs, latestMs }, latestMs - this.#uptimeMs()).catch(this.#onFault);
  }

  /** The bridge's time at a moment. Where it is not known it is asked for at once. */
  #bridgeTimeAt(moment: Moment): number | undefined {
    const bridgeMs = this.#clock.at(moment);
    if (bridgeMs === undefined) this.#link.beat();
    return bridgeMs;
  }

  /** Reports config values; without the bridge's time, as soon as that is known. */
  #reportConfig(values: Values, readAt: Moment, source: ConfigReport['source']): void {
    const readAtMs = this.#bridgeTimeAt(readAt);
    this.#owedReport = readAtMs === undefined ? source : undefined;
    if (readAtMs === undefined) return;
    const configVersion = this.#journal.appliedVersion;
    this.#link.publish('config', { configVersion, values, readAt: toInstant(this.#readings.of(readAt, readAtMs)), source });
  }

  /** Publishes readings when they changed, and at every heartbeat's pace; without a PLC, the last ones as stale. */
  #reportState(readings: Readings | undefined, readAt: Moment): void {
    if (readings) this.#lastValues = readings.values;
    const values = this.#lastValues;
    const quality: State['quality'] = readings
      ? Object.fromEntries(readings.bad.map((name) => [name, 'bad' as const]))
      : Object.fromEntries(Object.keys(values).map((name) => [name, 'stale' as const]));
    const told = JSON.stringify({ values, quality });
    const isDue = this.#state === undefined || readAt.monotonicMs - this.#state.publishedAtMs >= this.#heartbeatMs;
    if (told === this.#state?.told && !isDue) return;
    const atMs = this.#bridgeTimeAt(readAt);
    if (atMs === undefined) return;
    this.#state = { told, publishedAtMs: readAt.monotonicMs };
    this.#link.publish('state', { at: toInstant(atMs), values, quality });
  }
}
