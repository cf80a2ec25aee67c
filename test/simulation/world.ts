import { profileParameters, type RegisterMap } from '../../agent/plc/register-map.ts';
import { Problem } from '../../src/errors.ts';
import { LeaseStoreUnavailable } from '../../src/liveness/leases.ts';
import type { StoredCommand } from '../../src/store/commands.ts';
import { StoreUnavailable } from '../../src/store/store-errors.ts';
import type { Profile } from '../../topics/payloads.ts';
import { AgentRun, type AgentParts } from './agent-run.ts';
import { BridgeRun } from './bridge-run.ts';
import { Chance } from '../../machine/chance.ts';
import type { CommandTables } from './command-tables.ts';
import { DiskFull, SimulatedDisk } from './disk.ts';
import { FeederPlc } from './feeder-plc.ts';
import { SimulatedLeases } from './leases.ts';
import { Life } from './life.ts';
import { LineState } from './line.ts';
import { Machine } from './machine.ts';
import { Session, type Weather } from './session.ts';
import { FEEDER_ID } from './settings.ts';
import { SimulatedStore } from './store.ts';
import { Tally } from './tally.ts';
import { Trace } from './trace.ts';
import { VirtualTime } from './virtual-time.ts';
import { Witness } from './witness.ts';

const HOUR_MS = 3_600_000;
/** How many lines are shown of what happened before the end. */
const TRACED = 200;

/** One run of a program, from its start to its end; `run` is there when it is ready. */
export type Program<R> = { life: Life; run: R | undefined; isStopping: boolean };

/** What became of a client's request. */
export type Answer =
  | { kind: 'command'; command: StoredCommand }
  | { kind: 'problem'; code: string }
  /** The bridge died over it, or is not there. */
  | { kind: 'lost' };

/** Bridge, store, network, agent, its disk and the PLC, on one time and one source of chance. */
export class World {
  readonly time = new VirtualTime();
  readonly chance: Chance;
  readonly tally = new Tally();
  readonly trace = new Trace(TRACED);
  readonly parts: AgentParts;
  readonly machines: { agent: Machine; bridge: Machine };
  readonly plc: FeederPlc;
  readonly lineState = new LineState();
  readonly leases: SimulatedLeases;
  readonly store: SimulatedStore;
  readonly witness: Witness;
  readonly weather: Weather;
  disk: SimulatedDisk;
  /** That of a computer that may take the agent's place. */
  spareDisk: SimulatedDisk;
  /** What the store held some time ago. */
  backup: CommandTables;
  agent: Program<AgentRun>;
  bridge: Program<BridgeRun>;
  session: Session | undefined;
  storedCount = 0;
  /** How often the agent was started. */
  agentRuns = 0;
  storesLost = 0;
  /** Whatever is to happen when a command was stored. */
  onStored: () => void = () => undefined;
  #ids = 0;
  readonly #profile: Profile;

  constructor(seed: number, map: RegisterMap, parts: AgentParts) {
    const { time } = this;
    const chance = new Chance(seed);
    this.chance = chance;
    this.parts = parts;
    const wallErrorMs = chance.hits(0.5) ? 0 : chance.between(-6 * HOUR_MS, 6 * HOUR_MS);
    this.machines = { agent: new Machine(time, wallErrorMs), bridge: new Machine(time, chance.between(-500, 500)) };
    this.leases = new SimulatedLeases(time);
    this.plc = new FeederPlc(map, {
      time,
      chance,
      watch: {
        dosed: (token, grams) => {
          this.note(`plc: takes token ${token}, feeds ${grams} g`);
          this.witness.dosed(grams);
        },
        changed: () => this.witness.changed(),
      },
    });
    this.witness = new Witness({
      nowMs: () => time.nowMs,
      map,
      readCell: (table, address) => this.plc.memory.read(table, address, 1)?.[0],
      lastLeaseMs: () => this.leases.lastHeldMs,
    });
    this.store = new SimulatedStore(time, chance, FEEDER_ID, {
      stored: (command) => {
        this.note(`store: ${command.commandId.slice(-4)} ${JSON.stringify(command.order)} v${String(command.version)} for ${String(command.journalId?.slice(-4))}`);
        this.witness.stored(command);
        this.storedCount += 1;
        this.onStored();
      },
      settled: (command, ending) => {
        this.note(`store: ${command.commandId.slice(-4)} is ${ending.state} ${ending.reason?.code ?? ''}`);
        this.tally.add(`outcomes/${command.order.kind} ${ending.state}`);
        this.witness.settled(command, ending);
      },
    });
    this.weather = { upMs: chance.between(1, 60), downMs: chance.between(1, 60), jitterMs: chance.between(0, 20), duplicates: 0, reorders: 0, losses: 0 };
    this.#profile = {
      agentVersion: '0.1.0',
      registerMap: { name: map.name, sha256: '0' },
      parameters: profileParameters(map),
      kinds: ['set-config', 'feed-now', 'clear-alarms'],
    };
    this.disk = new SimulatedDisk(time, chance);
    this.spareDisk = new SimulatedDisk(time, chance);
    this.backup = this.store.tables.copy();
    this.agent = { life: new Life(time), run: undefined, isStopping: false };
    this.bridge = { life: new Life(time), run: undefined, isStopping: false };
  }

  readonly newId = (): string => {
    this.#ids += 1;
    return `00000000-0000-4000-8000-${this.#ids.toString(16).padStart(12, '0')}`;
  };

  note(what: string): void {
    this.trace.add(this.time.nowMs, what);
  }

  startBridge(): void {
    const bridge: Program<BridgeRun> = { life: new Life(this.time), run: undefined, isStopping: false };
    this.bridge = bridge;
    void BridgeRun.start(this, bridge.life, this.#profile).then((run) => {
      this.note('bridge: ready');
      bridge.run = run;
    });
  }

  startAgent(): void {
    this.witness.agentEnded();
    this.agentRuns += 1;
    const agent: Program<AgentRun> = { life: new Life(this.time), run: undefined, isStopping: false };
    this.agent = agent;
    AgentRun.start(this, agent.life, this.disk).then(
      (run) => {
        this.note(`agent: ready with journal ${run.journal.journalId.slice(-4)}`);
        agent.run = run;
        this.reconnect(agent.life);
      },
      (error: unknown) => {
        if (!(error instanceof DiskFull)) throw error;
        // It says so and ends; whatever starts it tries again.
        agent.life.end();
        this.time.after(1_000, () => {
          if (this.agent === agent) this.startAgent();
        });
      },
    );
  }

  killAgent(): void {
    this.note('agent: killed');
    this.tally.add('crashes/agent');
    this.agent.life.end();
  }

  killBridge(): void {
    this.note('bridge: killed');
    this.tally.add('crashes/bridge');
    this.bridge.life.end();
  }

  /** The agent looks for the bridge again after a while, and then again. */
  reconnect(life: Life): void {
    life.after(this.chance.between(20, 1_000), () => {
      const { agent, bridge } = this;
      if (agent.life !== life || agent.run === undefined) return;
      if (bridge.run === undefined || !bridge.life.isRunning) {
        this.reconnect(life);
        return;
      }
      const session = new Session(this.newId(), this, { agent: life, bridge: bridge.life });
      this.session = session;
      this.note('network: session');
      bridge.run.accept(session);
      const { run } = agent;
      life.after(this.weather.downMs, () => {
        if (session.isOpen('agent')) run.connected(session);
        else this.reconnect(life);
      });
    });
  }

  /** A client's request, as REST would carry it. */
  ask(request: Parameters<BridgeRun['change']>[0]): Promise<Answer> {
    const { life, run } = this.bridge;
    return new Promise((resolve) => {
      if (run === undefined || life.isOver) {
        resolve({ kind: 'lost' });
        return;
      }
      life.onEnd(() => resolve({ kind: 'lost' }));
      life.take(() => {
        run.change(request).then(
          (command) => {
            this.witness.answered(command);
            resolve({ kind: 'command', command });
          },
          (error: unknown) => resolve(this.#problemOf(error)),
        );
      });
    });
  }

  /** Everything is there, and the agent has heard from the bridge. */
  get isWhole(): boolean {
    const { agent, bridge, session } = this;
    if (agent.isStopping || bridge.isStopping) return false;
    return bridge.run !== undefined && !bridge.life.isOver && agent.run?.isConnected === true && session?.isSound === true && this.plc.isWell;
  }

  /** The store holds now what `tables` held. */
  replaceStore(tables: CommandTables): void {
    this.storesLost += 1;
    this.store.tables = tables;
    this.witness.storeLost((commandId) => tables.find(commandId));
  }

  #problemOf(error: unknown): Answer {
    if (error instanceof Problem || error instanceof StoreUnavailable || error instanceof LeaseStoreUnavailable) {
      return { kind: 'problem', code: error.code };
    }
    this.witness.fail('no-surprise', undefined, `a request: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return { kind: 'lost' };
  }
}
