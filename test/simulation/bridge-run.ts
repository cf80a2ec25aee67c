import type { Profile } from '../../topics/payloads.ts';
import { decode, encode, buildTopic, type Payload } from '../../topics/topics.ts';
import { fromInstant, toInstant } from '../../topics/identifiers.ts';
import { BridgeClock } from '../../src/clock.ts';
import { ChangeFeeder, type ChangeRequest } from '../../src/commands/change.ts';
import { Dispatch } from '../../src/commands/dispatch.ts';
import { InFlight } from '../../src/commands/in-flight.ts';
import { ReadingTimes } from '../../src/feeders/reading-times.ts';
import type { StoredCommand } from '../../src/store/commands.ts';
import { StoreUnavailable } from '../../src/store/store-errors.ts';
import type { ReportedConfig } from '../../src/store/feeders.ts';
import { LeaseStoreUnavailable } from '../../src/liveness/leases.ts';
import type { Life } from './life.ts';
import type { Packet, Session } from './session.ts';
import { ACK_TIMEOUT_MS, FEEDER_ID, RESEND_MS } from './settings.ts';
import type { World } from './world.ts';

/** How often it looks whether the database should be asked for the time again. */
const CLOCK_CHECK_MS = 1_000;
/** How long before a start that failed, or a report that could not be stored, is tried again. */
const AGAIN_MS = 1_000;

/** One connection of the agent, as the bridge knows it. */
type Connection = { session: Session; epoch: number; readings: ReadingTimes; isSubscribed: boolean; unheld: boolean };

/** One run of the bridge: its own parts, joined as src/bridge.ts joins them, on a simulated world. */
export class BridgeRun {
  readonly #world: World;
  readonly #life: Life;
  readonly #profile: Profile;
  readonly #inFlight: InFlight;
  readonly #dispatch: Dispatch;
  readonly #changeFeeder: ChangeFeeder;
  readonly #clock: BridgeClock;
  #connection: Connection | undefined;
  #config: ReportedConfig | null;
  #journalId: string | null;
  #heardVersion = 0;

  private constructor(world: World, life: Life, profile: Profile, clock: BridgeClock) {
    const { leases, machines, newId } = world;
    this.#world = world;
    this.#life = life;
    this.#profile = profile;
    this.#clock = clock;
    this.#config = world.store.tables.configOf(FEEDER_ID);
    this.#journalId = world.store.tables.journalId;
    const store = world.store.of(life);
    const machine = machines.bridge;
    this.#inFlight = new InFlight(life);
    this.#dispatch = new Dispatch({
      store,
      clock,
      machine,
      timers: life,
      resendMs: RESEND_MS,
      inFlight: this.#inFlight,
      leases: leases.store,
      publish: (_feederId, command, onWritten) => this.#publish(command, onWritten),
      profileOf: () => profile,
      onConfig: (_feederId, config) => (this.#config = config),
      onSettled: () => undefined,
      onProblem: (error) => this.#onProblem(error),
    });
    this.#changeFeeder = new ChangeFeeder({
      store,
      clock,
      machine,
      timers: life,
      newId,
      ackTimeoutMs: ACK_TIMEOUT_MS,
      leases: leases.store,
      sessions: { find: () => this.#connection && { plc: 'ok', unheld: this.#connection.unheld } },
      directory: { find: () => ({ journalId: this.#journalId }) },
      heardVersion: () => this.#heardVersion,
      inFlight: this.#inFlight,
      dispatch: this.#dispatch,
      recordRefusal: (_command, code) => world.tally.add(`refused/${code}`),
    });
    this.#checkClock();
  }

  /** Starts one; resolves when it takes connections. */
  static async start(world: World, life: Life, profile: Profile): Promise<BridgeRun> {
    const machine = world.machines.bridge;
    for (;;) {
      try {
        const newestMs = await world.store.ask(life, (tables) => tables.newestTimeMs);
        const clock = new BridgeClock(machine, newestMs);
        await clock.anchor(() => askTime(world, life));
        const run = new BridgeRun(world, life, profile, clock);
        await run.#dispatch.takeOver();
        return run;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        await life.wait(AGAIN_MS, () => undefined);
      }
    }
  }

  /** The version that a reader of the config is shown. */
  get configVersion(): number | undefined {
    return this.#config?.version;
  }

  change(request: Omit<ChangeRequest, 'feeder' | 'receivedMs'>): Promise<StoredCommand> {
    const receivedMs = this.#world.machines.bridge.monotonicMs();
    return this.#changeFeeder.run({ ...request, feeder: { feederId: FEEDER_ID, profile: this.#profile }, receivedMs });
  }

  /** The agent connects. */
  accept(session: Session): void {
    this.#connection?.session.close('bridge');
    const connection: Connection = {
      session,
      epoch: this.#clock.nextEpoch(),
      readings: new ReadingTimes(),
      isSubscribed: false,
      unheld: false,
    };
    this.#connection = connection;
    session.attend(
      'bridge',
      (packet) => this.#hear(connection, packet),
      () => this.#gone(connection),
    );
    void this.#hold(connection);
  }

  /** Ends it in good order. */
  async stop(withinMs: number): Promise<void> {
    await this.#changeFeeder.stop(withinMs);
    await this.#dispatch.stop();
  }

  #hear(connection: Connection, packet: Packet): void {
    if (packet === 'subscribe') {
      connection.isSubscribed = true;
      void this.#dispatch.listening(FEEDER_ID);
      return;
    }
    const decoded = decode(buildTopic(FEEDER_ID, packet.topic), packet.bytes);
    if (!decoded.ok) {
      this.#world.witness.fail('no-surprise', undefined, `the bridge cannot read ${packet.topic}: ${decoded.problem}`);
      return;
    }
    const { topic, payload } = decoded.value;
    const readAtMs = (told: string): number => connection.readings.take(fromInstant(told), this.#clock.now());
    switch (topic) {
      case 'session':
        if (payload.journalId !== undefined) this.#takeJournal(connection, payload.journalId);
        return;
      case 'heartbeat':
        this.#heardVersion = Math.max(this.#heardVersion, payload.configVersion);
        this.#beat(connection, payload);
        return;
      case 'ack':
        this.#dispatch.acknowledged(FEEDER_ID, payload, readAtMs(payload.at)).catch((error: unknown) => this.#onProblem(error));
        return;
      case 'config': {
        this.#heardVersion = Math.max(this.#heardVersion, payload.configVersion);
        const { values, source, configVersion: agentVersion } = payload;
        const report = { values, source, agentVersion, readAtMs: readAtMs(payload.readAt) };
        void this.#keep(() => this.#world.store.ask(this.#life, (tables) => (this.#config = tables.report(report))));
        return;
      }
      case 'profile':
      case 'state':
      case 'records':
      case 'heartbeat/reply':
      case 'presence':
      case 'command':
      case 'records/stored':
        this.#world.witness.fail('no-surprise', undefined, `the bridge heard ${topic}`);
    }
  }

  #takeJournal({ session }: Connection, journalId: string): void {
    if (this.#connection?.session !== session) return;
    this.#journalId = journalId;
    void this.#keep(() => this.#world.store.ask(this.#life, (tables) => (tables.journalId = journalId)));
  }

  #beat(connection: Connection, { sessionId, seq, sentAt }: Payload<'heartbeat'>): void {
    if (this.#connection !== connection) return;
    void this.#hold(connection);
    const reply = { sessionId, seq, agentSentAt: sentAt, bridgeAt: toInstant(this.#clock.now()) };
    connection.session.send('bridge', { topic: 'heartbeat/reply', bytes: Buffer.from(encode('heartbeat/reply', reply)) });
  }

  #publish(command: Payload<'command'>, onWritten: () => void): void {
    this.#world.witness.published(command.commandId);
    this.#world.tally.add('messages/commands sent');
    const connection = this.#connection;
    if (connection?.isSubscribed !== true || !connection.session.isOpen('bridge')) return;
    connection.session.send('bridge', { topic: 'command', bytes: Buffer.from(encode('command', command)) });
    onWritten();
  }

  async #hold(connection: Connection): Promise<void> {
    const { session, epoch } = connection;
    try {
      await this.#world.leases.store.hold({ feederId: FEEDER_ID, sessionId: session.sessionId, bridgeId: 'bridge', epoch });
      connection.unheld = false;
    } catch (error) {
      connection.unheld = true;
      this.#onProblem(error);
    }
  }

  #gone(connection: Connection): void {
    if (this.#connection === connection) this.#connection = undefined;
    this.#world.leases.store.end(FEEDER_ID, connection.epoch).catch((error: unknown) => this.#onProblem(error));
  }

  /** Reports are tried again until they are stored. */
  async #keep(store: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await store();
        return;
      } catch (error) {
        this.#onProblem(error);
        await this.#life.wait(AGAIN_MS, () => undefined);
      }
    }
  }

  #checkClock(): void {
    this.#life.after(CLOCK_CHECK_MS, () => {
      if (this.#clock.needsAnchor()) {
        this.#clock.anchor(() => askTime(this.#world, this.#life)).catch((error: unknown) => this.#onProblem(error));
      }
      this.#checkClock();
    });
  }

  #onProblem(error: unknown): void {
    if (error instanceof StoreUnavailable || error instanceof LeaseStoreUnavailable) return;
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    // After the store was wiped or restored it does not know every command.
    if (message.includes('not one of its own') && this.#world.storesLost > 0) return;
    this.#world.witness.fail('no-surprise', undefined, `the bridge: ${message}`);
  }
}

/** The database's clock is the true one. */
const askTime = (world: World, life: Life): Promise<number> => world.store.ask(life, () => world.time.nowMs);
