import { beforeAll, describe, expect, test } from 'vitest';
import type { RegisterMap } from '../agent/plc/register-map.ts';
import type { AgentParts } from './simulation/agent-run.ts';
import { seedOf } from '../machine/chance.ts';
import { runEpisode, type EpisodeResult } from './simulation/episode.ts';
import { loadMaps } from './simulation/maps.ts';
import { PLANTED_FAULTS } from './simulation/planted-faults.ts';
import { runEverywhere } from './simulation/workers.ts';

const SEED = 1;
const COMMANDS = 1_000;
/** A planted fault is found in the first few; one that is not in these was not found. */
const MOST_EPISODES = 40;

let maps: RegisterMap[];
beforeAll(async () => {
  maps = await loadMaps();
});

/** The first episode that violates something. */
async function firstViolation(parts: AgentParts): Promise<EpisodeResult | undefined> {
  for (let index = 0; index < MOST_EPISODES; index += 1) {
    const result = await runEpisode(seedOf(SEED, index), maps, parts);
    if (result.violation) return result;
  }
  return undefined;
}

describe('bridge and agent on a simulated world', () => {
  test('keep every invariant, whatever crashes when', async () => {
    let commands = 0;
    const crashes = { agent: 0, bridge: 0 };
    for (let index = 0; commands < COMMANDS; index += 1) {
      const { seed, violation, trace, counts, commands: more } = await runEpisode(seedOf(SEED, index), maps);
      expect(violation, `npm run simulate -- --episode ${seed}\n${trace.slice(-20).join('\n')}`).toBeUndefined();
      commands += more;
      crashes.agent += counts['crashes/agent'] ?? 0;
      crashes.bridge += counts['crashes/bridge'] ?? 0;
    }
    expect(crashes.agent).toBeGreaterThan(15);
    expect(crashes.bridge).toBeGreaterThan(15);
  });

  test('does the same thing again from the same seed', async () => {
    const seed = seedOf(SEED, 0);
    const once = await runEpisode(seed, maps);
    expect(await runEpisode(seed, maps)).toEqual(once);
    expect((await runEpisode(seedOf(SEED, 1), maps)).digest).not.toBe(once.digest);
  });

  test('does the same thing in a process of its own, so that what is found there can be replayed', async () => {
    const seeds = [0, 1, 2].map((index) => seedOf(SEED, index));
    const there = new Map<number, number>();
    await runEverywhere(1, seeds, ({ seed, digest }) => {
      there.set(seed, digest);
      return 'on';
    });
    for (const seed of seeds) expect((await runEpisode(seed, maps)).digest).toBe(there.get(seed));
  });

  test.each(PLANTED_FAULTS)('finds a planted fault: $name', async ({ parts, foundBy }) => {
    const found = await firstViolation(parts);
    expect(foundBy).toContain(found?.violation?.invariant);
  });
});
