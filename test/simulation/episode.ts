import type { RegisterMap } from '../../agent/plc/register-map.ts';
import { SOUND_PARTS, type AgentParts } from './agent-run.ts';
import { Chance } from '../../machine/chance.ts';
import { Clients } from './clients.ts';
import { Lingering } from './lingering.ts';
import { Mishaps } from './mishaps.ts';
import type { Counts } from './tally.ts';
import type { Violation } from './invariants.ts';
import { World } from './world.ts';

/** How many commands are stored before everything comes to rest, and how often that is in an episode. */
const COMMANDS_IN_A_ROUND = 40;
const ROUNDS = 4;
/** How many commands an episode has. */
export const COMMANDS_IN_EPISODE = COMMANDS_IN_A_ROUND * ROUNDS;
/** How long a round lasts at most, where hardly anything is taken. */
const LONGEST_ROUND_MS = 600_000;
/** When everything is back, what was lost before is found out within the longest timeout; every outcome within 5 s more. */
const TIMEOUTS_MS = 2_000;
const OUTCOME_MS = 5_000;
/** How long everything may take to be back. */
const LONGEST_RETURN_MS = 120_000;

export type EpisodeResult = {
  seed: number;
  commands: number;
  counts: Counts;
  violation: Violation | undefined;
  /** What happened last. */
  trace: readonly string[];
  /** The same for the same run. */
  digest: number;
};

/** Runs one world from its seed to its end, or to the first violation. */
export async function runEpisode(seed: number, maps: readonly RegisterMap[], parts: AgentParts = SOUND_PARTS): Promise<EpisodeResult> {
  // Begun within an event of Node's, the first step would end before all that follows from it, and the run be another one.
  await new Promise((resolve) => setImmediate(resolve));
  const map = new Chance(seed).pick(maps);
  return new Episode(seed, map, parts).run();
}

class Episode {
  readonly #seed: number;
  readonly #world: World;
  readonly #mishaps: Mishaps;
  readonly #lingering: Lingering;
  readonly #clients: Clients;
  readonly #lossiness: { line: number; store: number; network: number };

  constructor(seed: number, map: RegisterMap, parts: AgentParts) {
    this.#seed = seed;
    const world = new World(seed, map, parts);
    const { chance } = world;
    this.#world = world;
    this.#lingering = new Lingering(world);
    this.#mishaps = new Mishaps(world, chance.pick([0.03, 0.1, 0.2, 0.4]));
    this.#lossiness = { line: chance.pick([0, 0.01, 0.05]), store: chance.pick([0, 0.003]), network: chance.pick([0, 0.003, 0.01]) };
    this.#clients = new Clients(world, chance.pick([1, 2, 3, 6]), chance.pick([50, 200, 600]));
    world.onStored = () => this.#mishaps.stored();
    world.startBridge();
    world.startAgent();
  }

  async run(): Promise<EpisodeResult> {
    for (let round = 0; round < ROUNDS && !this.#isOver; round += 1) {
      await this.#rough();
      await this.#calm();
    }
    await this.#compare();
    const { witness, storedCount, tally, trace } = this.#world;
    return { seed: this.#seed, commands: storedCount, counts: tally.counts, violation: witness.violation, trace: trace.last, digest: trace.digest };
  }

  get #isOver(): boolean {
    return this.#world.witness.violation !== undefined;
  }

  async #rough(): Promise<void> {
    const { weather, lineState, store, time } = this.#world;
    const { line, store: ofStore, network } = this.#lossiness;
    this.#world.backup = store.tables.copy();
    Object.assign(weather, { losses: network, duplicates: 3 * network, reorders: 5 * network });
    lineState.lossiness = line;
    store.lossiness = ofStore;
    this.#mishaps.begin();
    this.#clients.wake();
    const enough = this.#world.storedCount + COMMANDS_IN_A_ROUND;
    const untilMs = time.nowMs + LONGEST_ROUND_MS;
    await this.#stepUntil(() => this.#world.storedCount >= enough || time.nowMs > untilMs);
  }

  /** Everything is put right; then every command has its outcome in time. */
  async #calm(): Promise<void> {
    const { time, weather, witness, store } = this.#world;
    this.#world.note('calm');
    this.#clients.rest();
    Object.assign(weather, { losses: 0, duplicates: 0, reorders: 0 });
    const backByMs = time.nowMs + LONGEST_RETURN_MS;
    await this.#stepUntil(() => {
      this.#mishaps.end();
      const { session } = this.#world;
      if (session?.isSound === false) for (const side of ['agent', 'bridge'] as const) session.close(side);
      return this.#world.isWhole || time.nowMs > backByMs;
    });
    this.#world.note(this.#world.isWhole ? 'all is back' : 'not all came back');
    const untilMs = time.nowMs + TIMEOUTS_MS + OUTCOME_MS;
    await this.#stepUntil(() => (store.tables.unsettled().length === 0 && this.#clients.isQuiet) || time.nowMs > untilMs);
    witness.late(store.tables.unsettled());
  }

  /** What the journal holds at the end is what the store holds. */
  async #compare(): Promise<void> {
    const { agent, witness, store } = this.#world;
    const journal = agent.run?.journal;
    if (this.#isOver || journal === undefined) return;
    for (const { commandId } of store.tables.all()) await journal.find(commandId);
    witness.checkEnd();
  }

  async #stepUntil(isEnough: () => boolean): Promise<void> {
    while (!this.#isOver && !isEnough()) {
      await this.#world.time.step();
      this.#mishaps.step();
      this.#lingering.step();
    }
  }
}
