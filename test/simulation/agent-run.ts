import { BridgeTime, type Moment } from '../../agent/clock.ts';
import { Executor } from '../../agent/executor.ts';
import { openJournal } from '../../agent/journal/disk-journal.ts';
import type { Journal } from '../../agent/journal/journal.ts';
import { ModbusError } from '../../agent/modbus/modbus-error.ts';
import { Plc } from '../../agent/plc/plc.ts';
import { ReadingTimes } from '../../agent/reading-times.ts';
import type { MachineClocks } from '../../machine/clocks.ts';
import type { Command } from '../../topics/commands.ts';
import { fromInstant, toInstant } from '../../topics/identifiers.ts';
import { buildTopic, decode, encode, type AgentTopic, type Payload } from '../../topics/topics.ts';
import { DiskFull, type SimulatedDisk } from './disk.ts';
import type { Life } from './life.ts';
import { Line } from './line.ts';
import type { Packet, Session } from './session.ts';
import { FEEDER_ID, HEARTBEAT_SECONDS } from './settings.ts';
import { WatchedJournal } from './watched-journal.ts';
import type { World } from './world.ts';

/** How often it looks whether the bridge's time is still known. */
const CLOCK_CHECK_MS = 1_000;
const UNANSWERED_BEATS = 3;

/** What may be broken on purpose, by handing the agent something else than it should get. */
export type AgentParts = {
  journal: (journal: Journal) => Journal;
  clock: (machine: MachineClocks, heartbeatSeconds: number) => BridgeTime;
  command: (command: Command) => Command;
};

export const SOUND_PARTS: AgentParts = {
  journal: (journal) => journal,
  clock: (machine, heartbeatSeconds) => new BridgeTime(machine, heartbeatSeconds),
  command: (command) => command,
};

/** One session with the bridge, as the agent knows it. */
type Live = {
  session: Session;
  seq: number;
  sentAt: Map<number, Moment>;
  unanswered: number;
  isTimeTold: boolean;
  wasAnswered: boolean;
};

/** One run of the agent: its own parts, joined as agent/feeder-agent.ts joins them, on a simulated world. */
export class AgentRun {
  readonly #world: World;
  readonly #life: Life;
  readonly #journal: WatchedJournal;
  readonly #clock: BridgeTime;
  readonly #executor: Executor;
  readonly #plc: Plc;
  readonly #readings = new ReadingTimes();
  readonly #startedAtMs: number;
  #live: Live | undefined;

  private constructor(world: World, life: Life, journal: Journal) {
    const { witness, machines, parts } = world;
    this.#world = world;
    this.#life = life;
    this.#journal = new WatchedJournal(journal, witness);
    this.#startedAtMs = machines.agent.monotonicMs();
    this.#clock = parts.clock(machines.agent, HEARTBEAT_SECONDS);
    const line = new Line(world, life, (write) => {
      const what = `${write.table} ${write.address} = ${write.values.join(' ')}`;
      world.note(`agent: writes ${what}`);
      const acted = witness.writeBegins(journal.journalId, write, this.#journal.begun);
      return () => {
        world.note(`plc: takes ${what}`);
        acted();
      };
    });
    this.#plc = new Plc(line, 1, world.plc.map);
    this.#executor = new Executor({
      plc: this.#plc,
      clock: this.#clock,
      timers: life,
      journal: this.#journal,
      readings: this.#readings,
      sendAck: (ack) => {
        world.note(`agent: ${ack.commandId.slice(-4)} is ${ack.outcome}`);
        witness.acked(journal.journalId, ack);
        this.#send('ack', ack);
      },
      beat: () => this.#beat(),
      onBegin: () => undefined,
      onEnd: () => undefined,
      onFinished: () => undefined,
      onFault: (error) => this.#onFault(error),
    });
  }

  /** Starts one; resolves when it may connect. */
  static async start(world: World, life: Life, disk: SimulatedDisk): Promise<AgentRun> {
    const deps = { newId: world.newId, diskId: disk.diskId, onDamaged: () => world.tally.add('disks/damaged') };
    const journal = world.parts.journal(await openJournal(disk.of(life), deps));
    const run = new AgentRun(world, life, journal);
    run.#executor.start();
    run.#checkClock();
    return run;
  }

  get journal(): Journal {
    return this.#journal;
  }

  /** It has a session, and knows the bridge's time. */
  get isConnected(): boolean {
    return this.#live?.wasAnswered === true && this.#live.session.isOpen('agent');
  }

  /** A session with the bridge has begun. */
  connected(session: Session): void {
    const live: Live = { session, seq: 0, sentAt: new Map(), unanswered: 0, isTimeTold: false, wasAnswered: false };
    this.#clock.reset();
    this.#live = live;
    session.attend(
      'agent',
      (packet) => this.#hear(live, packet),
      () => this.#gone(live),
    );
    session.send('agent', 'subscribe');
    const { journalId } = this.#journal;
    this.#send('session', { sessionId: session.sessionId, state: 'started', reason: 'connected', journalId });
    this.#beat();
    this.#beatRegularly(live);
  }

  /** Reads the PLC's settings and tells the bridge, as a poll does. */
  async report(source: 'start' | 'local'): Promise<void> {
    try {
      const values = await this.#plc.readConfig('all', 'read');
      const moment = this.#clock.moment();
      const readAtMs = this.#clock.at(moment);
      // A poll that overlaps a command may show half of it.
      if (readAtMs === undefined || this.#journal.begun.length > 0) return;
      const readAt = toInstant(this.#readings.of(moment, readAtMs));
      this.#send('config', { configVersion: this.#journal.appliedVersion, values, readAt, source });
    } catch (error) {
      if (!(error instanceof ModbusError)) throw error;
    }
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    await this.#executor.stop();
    this.#live?.session.close('agent');
  }

  #send<N extends AgentTopic>(topic: N, payload: Payload<N>): void {
    this.#live?.session.send('agent', { topic, bytes: Buffer.from(encode(topic, payload)) });
  }

  #beat(): void {
    const live = this.#live;
    if (live === undefined) return;
    const { seq } = live;
    live.seq += 1;
    live.sentAt.set(seq, this.#clock.moment());
    const sentAt = toInstant(Math.floor(this.#clock.now() ?? this.#clock.moment().wallMs));
    const configVersion = this.#journal.appliedVersion;
    this.#send('heartbeat', { sessionId: live.session.sessionId, seq, sentAt, uptimeSeconds: 0, plc: 'ok', configVersion });
  }

  #beatRegularly(live: Live): void {
    this.#life.after(HEARTBEAT_SECONDS * 1000, () => {
      if (this.#live !== live) return;
      if (live.unanswered >= UNANSWERED_BEATS) {
        live.session.close('agent');
        return;
      }
      live.unanswered += 1;
      this.#beat();
      this.#beatRegularly(live);
    });
  }

  #hear(live: Live, packet: Packet): void {
    if (packet === 'subscribe' || this.#live !== live) return;
    const decoded = decode(buildTopic(FEEDER_ID, packet.topic), packet.bytes);
    if (!decoded.ok) {
      this.#world.witness.fail('no-surprise', undefined, `the agent cannot read ${packet.topic}: ${decoded.problem}`);
      return;
    }
    const { topic, payload } = decoded.value;
    if (topic === 'command') this.#executor.receive(this.#world.parts.command(payload));
    if (topic === 'heartbeat/reply') this.#takeReply(live, payload);
  }

  #takeReply(live: Live, { seq, bridgeAt }: Payload<'heartbeat/reply'>): void {
    const sentAt = live.sentAt.get(seq);
    if (sentAt === undefined) return;
    live.sentAt.delete(seq);
    live.unanswered = 0;
    live.isTimeTold = true;
    this.#clock.take(sentAt, fromInstant(bridgeAt));
    const isFirst = !live.wasAnswered;
    live.wasAnswered = true;
    if (isFirst) void this.report('start');
    this.#executor.timeTold(this.#tellJournal());
  }

  async #tellJournal(): Promise<void> {
    const [earliestMs, latestMs] = [this.#clock.earliestNow(), this.#clock.latestNow()];
    if (earliestMs === undefined || latestMs === undefined) return;
    const uptimeMs = this.#world.machines.agent.monotonicMs() - this.#startedAtMs;
    await this.#journal.bridgeTimeTold({ earliestMs, latestMs }, latestMs - uptimeMs).catch((error: unknown) => this.#onFault(error));
  }

  #checkClock(): void {
    this.#life.after(CLOCK_CHECK_MS, () => {
      const live = this.#live;
      if (live?.isTimeTold === true && !this.#clock.isKnown()) {
        live.isTimeTold = false;
        this.#beat();
      }
      this.#checkClock();
    });
  }

  #gone(live: Live): void {
    if (this.#live !== live) return;
    this.#live = undefined;
    this.#clock.reset();
    this.#world.reconnect(this.#life);
  }

  #onFault(error: unknown): void {
    if (error instanceof DiskFull) return;
    this.#world.witness.fail('no-surprise', undefined, `the agent: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
