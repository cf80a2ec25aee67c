import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { Values } from '../../topics/parameters.ts';
import { Chance, seedOf } from '../../machine/chance.ts';
import { ask, configOf, ToldState, type Heard, type Rest } from './rest.ts';

export type Order = { kind: 'set-config'; changes: Values } | { kind: 'feed-now'; grams: number } | { kind: 'clear-alarms' };

/** One request of a client, and what it was told. */
export type Exchange = {
  feederId: string;
  order: Order;
  atMs: number;
  told: Told | { kind: 'lost'; why: string };
};

/** An answer, as far as it says something of the command. */
export type Told = {
  kind: 'answer';
  status: number;
  code?: string | undefined;
  commandId?: string | undefined;
  state?: ToldState | undefined;
  readBack?: Values | null | undefined;
  reason?: string | undefined;
};

const Body = z.object({
  code: z.string().optional(),
  commandId: z.string().optional(),
  state: ToldState.optional(),
  readBack: Values.nullish(),
  reason: z.object({ code: z.string() }).nullish(),
});

/** How long a client lets a feeder be; after a dose, so long that its counters now and then stand still. */
const PAUSE_MS: Readonly<Record<Order['kind'], readonly [min: number, max: number]>> = { 'set-config': [0, 60], 'clear-alarms': [0, 60], 'feed-now': [300, 1_200] };
/** A second or more, at the pace of these PLCs: meals that a PLC counts without a pause are told as one. */
const SHORTEST_INTERVAL_SECONDS = 2_000;
const AFTER_REFUSAL_MS = 200;
const MOST_REPEATS = 8;

/** Clients of every feeder, all at work at once until they are called off: two change its config, two feed, one does the rest. */
export class Load {
  readonly exchanges: Exchange[] = [];
  readonly #rest: Rest;
  readonly #over = new AbortController();
  readonly #working: Promise<unknown>;
  /** Every dose has a weight of its own, and every change of the interval a value of its own. */
  #grams = 0;
  #intervalSeconds = SHORTEST_INTERVAL_SECONDS;

  constructor(rest: Rest, feederIds: readonly string[], seed: number) {
    this.#rest = rest;
    // What each client wants follows from the seed, whatever the others are told meanwhile.
    const [change, dose, rarer] = [(by: Chance) => this.#change(by), () => this.#dose(), (by: Chance) => this.#rarer(by)];
    const wishes = [change, change, dose, dose, rarer];
    const clients = feederIds.flatMap((feederId) => wishes.map((wish) => ({ feederId, wish })));
    this.#working = Promise.all(clients.map(({ feederId, wish }, index) => this.#client(feederId, wish, new Chance(seedOf(seed, index)))));
  }

  /** Lets every client hear its last answer, and ends; rejects where a client failed. */
  async stop(): Promise<void> {
    this.#over.abort();
    await this.#working;
  }

  async #client(feederId: string, wish: (by: Chance) => Order, chance: Chance): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      const order = wish(chance);
      const refused = await this.#pursue(feederId, order, chance);
      await delay(refused ? AFTER_REFUSAL_MS : chance.between(...PAUSE_MS[order.kind]));
    }
  }

  /** Asks for one thing; where the answer is lost, perhaps again under the same key. Whether it was refused at last. */
  async #pursue(feederId: string, order: Order, chance: Chance): Promise<boolean> {
    const isRepeated = order.kind === 'feed-now' || chance.hits(0.5);
    const headers: Record<string, string> = {
      ...(isRepeated && { 'Idempotency-Key': randomUUID() }),
      ...(chance.hits(0.15) && { Prefer: 'respond-async' }),
    };
    if (order.kind === 'set-config' && chance.hits(0.2)) {
      const config = await configOf(this.#rest, feederId);
      if (config) headers['If-Match'] = `"${config.version}"`;
    }
    const repeats = isRepeated && chance.hits(0.8) ? MOST_REPEATS : 0;
    for (let repeat = 0; ; repeat++) {
      const told = toldBy(await this.#request(feederId, order, headers));
      this.exchanges.push({ feederId, order, atMs: Date.now(), told });
      const isUnsure = told.kind === 'lost' || told.status === 504 || told.status === 503;
      if (!isUnsure || repeat >= repeats || this.#over.signal.aborted) return told.kind === 'lost' || told.status >= 400;
      await delay(chance.between(1, 2) * AFTER_REFUSAL_MS);
    }
  }

  #request(feederId: string, order: Order, headers: Record<string, string>): Promise<Heard> {
    const path = `/feeders/${feederId}`;
    if (order.kind !== 'set-config') return ask(this.#rest, 'POST', `${path}/commands`, order, headers);
    const { feedingEnabled, ...others } = order.changes;
    const isPause = typeof feedingEnabled === 'boolean' && Object.keys(others).length === 0;
    if (!isPause) return ask(this.#rest, 'PATCH', `${path}/config`, order.changes, headers);
    return ask(this.#rest, 'POST', `${path}/commands`, { kind: feedingEnabled ? 'resume' : 'pause' }, headers);
  }

  /** One register, or two that lie apart and so take two writes, or a register and a coil. */
  #change(chance: Chance): Order {
    const intervalSeconds = (this.#intervalSeconds += 1);
    const more = chance.pick<Values>([
      {},
      { temperatureStopCelsius: chance.below(400) / 10 },
      { oxygenStopMgPerLitre: chance.below(200) / 10, feedingEnabled: chance.hits(0.5) },
    ]);
    return { kind: 'set-config', changes: { intervalSeconds, ...more } };
  }

  #dose(): Order {
    return { kind: 'feed-now', grams: (this.#grams += 1) };
  }

  #rarer(chance: Chance): Order {
    if (chance.hits(0.4)) return { kind: 'clear-alarms' };
    return { kind: 'set-config', changes: { feedingEnabled: chance.hits(0.6) } };
  }
}

function toldBy(heard: Heard): Exchange['told'] {
  if (heard.kind === 'lost') return heard;
  const { reason, ...body } = Body.parse(heard.body);
  return { kind: 'answer', status: heard.status, ...body, reason: reason?.code };
}
