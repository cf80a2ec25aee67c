import { toInstant } from '../topics/identifiers.ts';
import type { Values } from '../topics/parameters.ts';
import type { ConfigReport, Profile, State } from '../topics/payloads.ts';
import { BridgeTime, machineClocks, type Moment } from './clock.ts';
import { Executor } from './executor.ts';
import { MemoryJournal } from './journal.ts';
import { Link } from './link.ts';
import type { Log } from './log.ts';
import type { ModbusConnection } from './modbus/connection.ts';
import { Plc, type Readings } from './plc/plc.ts';
import { profileParameters } from './plc/register-map.ts';
import { Poller } from './poller.ts';
import type { AgentSettings, FeederSettings } from './settings.ts';

const AGENT_VERSION = '0.1.0';

/** Everything the agent does for one feeder: its link, its PLC, and what goes between them. */
export class FeederAgent {
  readonly #clock: BridgeTime;
  readonly #link: Link;
  readonly #poller: Poller;
  readonly #executor: Executor;
  readonly #journal = new MemoryJournal();
  readonly #startedAtMs = machineClocks.monotonicMs();
  readonly #heartbeatMs: number;
  #lastReadAtMs = 0;
  #state: { values: Values; publishedAtMs: number } | undefined;

  constructor(settings: FeederSettings, { bridgeUrl, heartbeatSeconds }: AgentSettings, connection: ModbusConnection, log: Log) {
    const { feederId, token, unitId, registerMap, registerMapSha256, pollSeconds } = settings;
    const plc = new Plc(connection, unitId, registerMap);
    const onFault = (error: unknown): void => log.error({ err: error, feederId }, 'something failed');
    this.#heartbeatMs = heartbeatSeconds * 1000;
    this.#clock = new BridgeTime(machineClocks, heartbeatSeconds);
    const profile: Profile = {
      agentVersion: AGENT_VERSION,
      registerMap: { name: registerMap.name, sha256: registerMapSha256 },
      parameters: profileParameters(registerMap),
      kinds: ['set-config'],
    };
    this.#poller = new Poller({
      plc,
      pollSeconds,
      moment: () => this.#clock.moment(),
      onConfig: (values, readAt, source) => this.#reportConfig(values, readAt, source),
      onReadings: (readings, readAt) => this.#reportState(readings, readAt),
      onLink: (link, why) => {
        log.info({ feederId, plc: link, why }, 'PLC link');
        // The bridge should refuse changes from now on, or take them again, and not only at the next beat.
        this.#link.beat();
      },
      onProblem: onFault,
    });
    this.#link = new Link({
      url: bridgeUrl,
      feederId,
      token,
      heartbeatSeconds,
      clock: this.#clock,
      journalId: this.#journal.journalId,
      profile,
      vitals: () => ({
        plc: this.#poller.link,
        configVersion: this.#journal.appliedVersion,
        uptimeSeconds: Math.floor((machineClocks.monotonicMs() - this.#startedAtMs) / 1000),
      }),
      onCommand: (command) => this.#executor.receive(command),
      onClock: (isFirst) => this.#clockTold(isFirst),
      onEvent: ({ kind, ...detail }) => log.info({ feederId, ...detail }, `link: ${kind}`),
    });
    this.#executor = new Executor({
      plc,
      clock: this.#clock,
      journal: this.#journal,
      sendAck: (ack) => this.#link.publish('ack', ack),
      beat: () => this.#link.beat(),
      onWrite: () => this.#poller.writing(),
      onReadBack: (readBack, at) => this.#poller.commandRead(readBack, at),
      onFinished: ({ commandId }, { outcome, reason }) => log.info({ feederId, commandId, outcome, reason }, 'command finished'),
      onFault,
    });
  }

  /** Reads the PLC, so that the first heartbeat can tell of it, and connects. */
  async start(): Promise<void> {
    await this.#poller.start();
    this.#link.start();
  }

  /** Ends what runs, says goodbye and stops. */
  async stop(): Promise<void> {
    await this.#poller.stop();
    await this.#executor.stop();
    await this.#link.stop();
  }

  #clockTold(isFirst: boolean): void {
    const now = this.#clock.now();
    if (now !== undefined) this.#journal.createdAt(now - (machineClocks.monotonicMs() - this.#startedAtMs));
    this.#executor.clockKnown();
    const { config } = this.#poller;
    if (isFirst && config) this.#reportConfig(config.values, config.readAt, 'start');
  }

  /** Reports config values; without a session or the bridge's time, the next session reports them. */
  #reportConfig(values: Values, readAt: Moment, source: ConfigReport['source']): void {
    const readAtMs = this.#clock.at(readAt);
    if (readAtMs === undefined) return;
    // A new offset may differ by a little; a later reading must not seem the earlier one.
    this.#lastReadAtMs = Math.max(this.#lastReadAtMs, readAtMs);
    const configVersion = this.#journal.appliedVersion;
    this.#link.publish('config', { configVersion, values, readAt: toInstant(this.#lastReadAtMs), source });
  }

  /** Publishes readings when they changed, and at every heartbeat's pace; without a PLC, the last ones as stale. */
  #reportState(readings: Readings | undefined, readAt: Moment): void {
    const atMs = this.#clock.at(readAt);
    if (atMs === undefined) return;
    const last = this.#state;
    const values = readings?.values ?? last?.values ?? {};
    const quality: State['quality'] = readings
      ? Object.fromEntries(readings.bad.map((name) => [name, 'bad' as const]))
      : Object.fromEntries(Object.keys(values).map((name) => [name, 'stale' as const]));
    const isNew = JSON.stringify(values) !== JSON.stringify(last?.values) || readings === undefined;
    const isDue = last === undefined || readAt.monotonicMs - last.publishedAtMs >= this.#heartbeatMs;
    if (!isNew && !isDue) return;
    this.#state = { values, publishedAtMs: readAt.monotonicMs };
    this.#link.publish('state', { at: toInstant(atMs), values, quality });
  }
}
