import { signalTree } from '../support/server-process.ts';
import type { Mishap } from './plan.ts';
import type { Keeper } from './processes.ts';
import type { PlcSite, System } from './system.ts';

/** A program stood still or was stopped for a while, or a disk was full; times in milliseconds since 1970. */
export type Outage = { name: string; fromMs: number; toMs: number };

/** The name by which an agent's full disk is told among the outages. */
export const diskOf = (agent: string): string => `disk of ${agent}`;

/** What a mishap needs of who lets it happen. */
export type Stage = {
  system: System;
  /** One of those that run. */
  oneOf: <Site extends { keeper: Keeper }>(sites: readonly Site[]) => Site;
  /** Resolves when it runs. */
  isUp: (keeper: Keeper) => Promise<void>;
  /** Waits so long, or until this is over, or until all is called off. */
  within: (ms: number, over?: Promise<unknown>) => Promise<unknown>;
};

/** Lets it happen, and pass; resolves with what was away for it. */
export async function befall(mishap: Mishap, stage: Stage): Promise<Outage[]> {
  const { system, oneOf, isUp, within } = stage;
  switch (mishap.kind) {
    case 'suspend': {
      const keeper = mishap.victim === 'agent' ? oneOf(system.agents).keeper : system[mishap.victim];
      await isUp(keeper);
      return suspend(keeper, () => within(mishap.forMs, keeper.down()));
    }
    case 'stop': {
      const keeper = system[mishap.victim];
      await isUp(keeper);
      const fromMs = Date.now();
      await keeper.stop(mishap.victim === 'postgres' ? 'SIGINT' : 'SIGTERM');
      await within(mishap.forMs);
      await keeper.up();
      return [{ name: keeper.name, fromMs, toMs: Date.now() }];
    }
    case 'cut':
    case 'half-open': {
      const { line } = oneOf(system.agents);
      if (mishap.kind === 'cut') line.cut();
      else line.goHalfOpen();
      await within(mishap.forMs);
      line.reopen();
      return [];
    }
    case 'fill': {
      const { keeper, disk } = oneOf(system.agents);
      if (!disk.isOwn) return [];
      await isUp(keeper);
      const fromMs = Date.now();
      await disk.fill(mishap.fullFor);
      await within(mishap.forMs);
      await disk.free();
      return [{ name: diskOf(keeper.name), fromMs, toMs: Date.now() }];
    }
    case 'jam': {
      const { keeper } = oneOf(system.plcs);
      await isUp(keeper);
      await jam(keeper, true);
      return [];
    }
  }
}

/** Lets a PLC's motor jam, or free it. */
export const jam = (plc: PlcSite['keeper'], isJammed: boolean): Promise<unknown> => plc.ask(`set motorJam ${isJammed}`, /^motorJam = /);

async function suspend(keeper: Keeper, wait: () => Promise<unknown>): Promise<Outage[]> {
  const { pid } = keeper;
  if (pid === undefined) return [];
  const fromMs = Date.now();
  signalTree(pid, 'SIGSTOP');
  await wait();
  signalTree(pid, 'SIGCONT');
  return [{ name: keeper.name, fromMs, toMs: Date.now() }];
}
