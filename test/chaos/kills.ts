import { setTimeout as delay } from 'node:timers/promises';
import type { Point } from '../../machine/points.ts';
import type { Chance } from '../../machine/chance.ts';
import type { DiskFate } from './agent-disk.ts';
import { befall, type Outage } from './mishaps.ts';
import { plannedBlows, type Blow, type Victim } from './plan.ts';
import type { Keeper } from './processes.ts';
import type { System } from './system.ts';

/** A blow, and who fell by it: not everyone where its moment did not come. */
export type Struck = { blow: Blow; fallen: readonly Victim[] };
/** The disk of an agent, which serves these feeders, suffered, at this time in milliseconds since 1970. */
export type DiskLoss = { name: string; feederIds: readonly string[]; fate: Exclude<DiskFate, 'kept'>; atMs: number };

/** The points that the agent comes to; the others are the bridge's. */
const AGENTS_POINTS: ReadonlySet<Point> = new Set<Point>(['received', 'started', 'writing', 'written', 'finished', 'acked']);
/** How long to wait for a command to come to a point. */
const MISSED_AFTER_MS = 4_000;

/** Kills the processes of a system as planned, and starts again whatever was killed. */
export class Killer {
  readonly struck: Struck[] = [];
  readonly diskLosses: DiskLoss[] = [];
  readonly outages: Outage[] = [];
  readonly #system: System;
  readonly #over = new AbortController();
  readonly #reviving = new Map<Keeper, Promise<void>>();
  readonly #working: Promise<void>;

  constructor(system: System, chance: Chance) {
    this.#system = system;
    this.#working = this.#work(chance);
  }

  /** Kills nobody any more; resolves when everything is up again. */
  async stop(): Promise<void> {
    this.#over.abort();
    await this.#working;
    await Promise.all(this.#system.all.map((keeper) => this.#isUp(keeper)));
  }

  /** Kills bridge, agents and PLCs all at once, and starts them again. */
  async killAll(): Promise<void> {
    const { bridge, agents, plcs } = this.#system;
    const programs = [bridge, ...[...agents, ...plcs].map(({ keeper }) => keeper)];
    const downs = programs.map((keeper) => keeper.down());
    for (const keeper of programs) keeper.signal('SIGKILL');
    await Promise.all(downs);
    await Promise.all(programs.map((keeper) => keeper.up()));
  }

  async #work(chance: Chance): Promise<void> {
    for (const blow of plannedBlows(chance)) {
      if (this.#over.signal.aborted) return;
      // A trap may have gone off just when it was called off.
      for (const keeper of this.#system.all) if (!this.#reviving.has(keeper) && keeper.pid === undefined) this.#revive(keeper, { downMs: 0, disk: 'kept' });
      if (blow.kind === 'kill') {
        this.struck.push({ blow, fallen: await this.#kill(blow, chance) });
        continue;
      }
      const outages = await befall(blow, {
        system: this.#system,
        oneOf: (sites) => this.#oneOf(sites, chance),
        isUp: (keeper) => this.#isUp(keeper),
        within: (ms, over = new Promise(() => undefined)) => this.#within(ms, over),
      });
      this.outages.push(...outages);
      this.struck.push({ blow, fallen: [] });
    }
  }

  async #kill(blow: Blow & { kind: 'kill' }, chance: Chance): Promise<Victim[]> {
    const { agents } = this.#system;
    const copied = agents.filter(({ disk }) => disk.hasCopy);
    const { keeper: agent, feederIds } = this.#oneOf(blow.disk === 'spool put back' && copied.length > 0 ? copied : agents, chance);
    const plcs = this.#system.plcs.filter(({ feederId }) => feederIds.includes(feederId));
    const keepers = { ...this.#system, agent, plc: this.#oneOf(plcs, chance).keeper };
    const victims = blow.victims.map((victim) => ({ victim, keeper: keepers[victim] }));
    const host = blow.at === 'any moment' ? undefined : AGENTS_POINTS.has(blow.at) ? agent : this.#system.bridge;
    await Promise.all([...victims.map(({ keeper }) => keeper), ...(host ? [host] : [])].map((keeper) => this.#isUp(keeper)));
    const fallen: Victim[] = [];
    let isOver = false;
    const falling = victims.map(async ({ victim, keeper }) => {
      await keeper.down();
      if (isOver) return;
      fallen.push(victim);
      this.#revive(keeper, blow);
    });
    if (host && blow.at !== 'any moment') {
      // The one that springs the trap dies last.
      const inOrder = [...victims].sort((one, other) => Number(one.keeper === host) - Number(other.keeper === host));
      const pids = inOrder.flatMap(({ keeper: { pid } }) => pid ?? []);
      host.tell({ point: blow.at, delayMs: blow.delayMs, pids });
      await this.#within(MISSED_AFTER_MS, Promise.all(falling));
      host.tell('disarm');
    } else {
      await delay(blow.delayMs);
      for (const { keeper } of victims) keeper.signal('SIGKILL');
      await Promise.all(falling);
    }
    isOver = true;
    return fallen;
  }

  /** One of those that run, so that nothing is waited for while there is something to strike; any where none does. */
  #oneOf<Site extends { keeper: Keeper }>(sites: readonly Site[], chance: Chance): Site {
    const running = sites.filter(({ keeper }) => keeper.isReady);
    return chance.pick(running.length > 0 ? running : sites);
  }

  #revive(keeper: Keeper, { downMs, disk: fate }: Pick<Blow & { kind: 'kill' }, 'downMs' | 'disk'>): void {
    const revive = async (): Promise<void> => {
      await delay(downMs);
      const agent = this.#system.agents.find((site) => site.keeper === keeper);
      await agent?.disk.suffer(fate);
      if (agent && fate !== 'kept') this.diskLosses.push({ name: keeper.name, feederIds: agent.feederIds, fate, atMs: Date.now() });
      await keeper.up();
    };
    this.#reviving.set(keeper, revive().finally(() => this.#reviving.delete(keeper)));
  }

  /** Resolves when it runs, whoever brings it back. */
  async #isUp(keeper: Keeper): Promise<void> {
    await (this.#reviving.get(keeper) ?? keeper.up());
  }

  /** Whether something is over within a time; a run that is called off waits no longer. */
  async #within(ms: number, over: Promise<unknown>): Promise<boolean> {
    const late = new AbortController();
    const signal = AbortSignal.any([late.signal, this.#over.signal]);
    const isOver = await Promise.race([over.then(() => true), delay(ms, false, { signal }).catch(() => false)]);
    late.abort();
    return isOver;
  }
}
