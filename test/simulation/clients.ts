import type { ParameterValue, Values } from '../../topics/parameters.ts';
import type { Chance } from '../../machine/chance.ts';
import type { Answer, World } from './world.ts';
import { ISSUED } from '../support/issuer.ts';

type Request = Parameters<World['ask']>[0];

/** How often a client asks again for the same, where it was not told how it ended. */
const MOST_REPEATS = 4;
const REPEATED_AFTER = ['store-unavailable', 'lease-store-unavailable', 'command-pending', 'feeder-offline', 'bridge-stopping'];

/**
 * Values that no two changes of a run share, so that what the PLC holds tells whose change it was. They stay away from
 * what the PLC holds at first.
 */
const NUMBERS: readonly { name: string; first: number; step: number; count: number }[] = [
  { name: 'mealGrams', first: 1001, step: 1, count: 3_999 },
  { name: 'intervalSeconds', first: 70_001, step: 1, count: 16_399 },
  { name: 'dailyLimitGrams', first: 30_001, step: 1, count: 69_999 },
  { name: 'windowStartMinute', first: 400, step: 1, count: 1_039 },
  { name: 'temperatureStopCelsius', first: -4.9, step: 0.1, count: 280 },
];

/** Who asks the bridge for things, several at once. */
export class Clients {
  readonly #world: World;
  readonly #chance: Chance;
  readonly #thinkMs: number;
  #asked = 0;
  #underWay = 0;
  /** Those who wait until something may be asked again. */
  #resting: (() => void)[] = [];
  #isResting = false;

  constructor(world: World, count: number, thinkMs: number) {
    this.#world = world;
    this.#chance = world.chance;
    this.#thinkMs = thinkMs;
    for (let index = 0; index < count; index += 1) void this.#live();
  }

  /** Nobody waits for an answer. */
  get isQuiet(): boolean {
    return this.#underWay === 0;
  }

  /** Asks for nothing new. */
  rest(): void {
    this.#isResting = true;
  }

  wake(): void {
    this.#isResting = false;
    for (const wake of this.#resting.splice(0)) wake();
  }

  async #live(): Promise<never> {
    for (;;) {
      await this.#pass(this.#chance.between(0, 2 * this.#thinkMs));
      if (this.#isResting) await new Promise<void>((resolve) => this.#resting.push(resolve));
      await this.#want(this.#request());
    }
  }

  /** Asks, and perhaps again with the same key, until told how it ended. */
  async #want(request: Request): Promise<void> {
    const { world, chance } = { world: this.#world, chance: this.#chance };
    for (let repeats = 0; repeats <= MOST_REPEATS; repeats += 1) {
      const lostBefore = world.storesLost;
      this.#underWay += 1;
      const answer = await world.ask(request);
      this.#underWay -= 1;
      world.tally.add(`answers/${nameOf(answer)}`);
      const isOpen = answer.kind === 'lost' || (answer.kind === 'problem' ? REPEATED_AFTER.includes(answer.code) : !answer.command.ending);
      if (!isOpen || request.idempotency === undefined || chance.hits(0.2)) return;
      await this.#pass(chance.between(50, 3_000));
      // A store that was lost meanwhile does not know the key: only a person can tell what to do then.
      if (this.#isResting || lostBefore !== world.storesLost) return;
    }
  }

  #request(): Request {
    const chance = this.#chance;
    this.#asked += 1;
    const key = `key-${this.#asked}`;
    const wanted = this.#wanted();
    const isChange = wanted.kind === 'patch';
    const needsKey = wanted.kind === 'feed-now' || chance.hits(0.5);
    const version = this.#world.bridge.run?.configVersion;
    return {
      author: { ...ISSUED.author, requestId: key },
      action: ISSUED.action,
      traceparent: null,
      wanted,
      ifMatch: isChange && chance.hits(0.2) ? (version === undefined ? 'any' : [version - (chance.hits(0.1) ? 1 : 0)]) : undefined,
      idempotency: needsKey ? { apiKey: 'client', method: 'POST', path: '/', key, bodySha256: Buffer.from(key) } : undefined,
      waitMs: chance.hits(0.1) ? chance.between(0, 500) : undefined,
    };
  }

  #wanted(): Request['wanted'] {
    const chance = this.#chance;
    const kind = chance.draw();
    if (kind < 0.4) return { kind: 'feed-now', grams: this.#asked };
    if (kind < 0.48) return { kind: 'clear-alarms' };
    if (kind < 0.54) return { kind: 'pause' };
    if (kind < 0.6) return { kind: 'resume' };
    return { kind: 'patch', body: this.#changes() };
  }

  #changes(): Values {
    const chance = this.#chance;
    const count = chance.pick([1, 1, 1, 2, 2, 3]);
    const changes: Record<string, ParameterValue> = {};
    const numbers = NUMBERS.filter(({ count }) => this.#asked < count);
    while (Object.keys(changes).length < count) {
      const { name, first, step } = chance.pick(numbers);
      changes[name] = Math.round((first + this.#asked * step) * 10) / 10;
    }
    if (chance.hits(0.1)) changes['feedingEnabled'] = chance.hits(0.5);
    return changes;
  }

  #pass(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.#world.time.after(delayMs, resolve));
  }
}

function nameOf(answer: Answer): string {
  if (answer.kind === 'command') return answer.command.ending?.state ?? 'unresolved';
  return answer.kind === 'problem' ? answer.code : 'lost';
}
