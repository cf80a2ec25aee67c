import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { seedOf } from '../../machine/chance.ts';
import { COMMANDS_IN_EPISODE, runEpisode, type EpisodeResult } from './episode.ts';
import { loadMaps } from './maps.ts';
import { tableOf } from './table.ts';
import { Tally } from './tally.ts';
import { runEverywhere } from './workers.ts';

const USAGE = `npm run simulate -- [--seed N] [--commands M]   runs M commands (10000) in worlds that come from seed N (1)
npm run simulate -- --episode SEED              runs one world, and shows what happened in it last`;
const PROGRESS_MS = 2_000;

const Settings = z.object({
  seed: z.coerce.number().int().min(0).default(1),
  commands: z.coerce.number().int().min(1).default(10_000),
  episode: z.coerce.number().int().min(0).optional(),
});

function readSettings(): z.infer<typeof Settings> {
  try {
    const options = { seed: { type: 'string' }, commands: { type: 'string' }, episode: { type: 'string' } } as const;
    return Settings.parse({ ...parseArgs({ options }).values });
  } catch (error) {
    console.error(`${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

function showViolation({ seed, violation, trace }: EpisodeResult): void {
  if (violation === undefined) return;
  console.log(trace.join('\n'));
  console.log(`\nviolated: ${violation.invariant}${violation.commandId === undefined ? '' : `, command ${violation.commandId}`}\n${violation.what}`);
  console.log(`\nonce more: npm run simulate -- --episode ${seed}`);
}

async function runAll(seed: number, commands: number): Promise<boolean> {
  const beganMs = performance.now();
  const tally = new Tally();
  let [episodes, done, toldMs] = [0, 0, 0];
  let violated: EpisodeResult | undefined;
  const rate = (): string => `${Math.round(done / ((performance.now() - beganMs) / 1000)).toLocaleString('en')} commands/s`;
  const seeds = Array.from({ length: Math.ceil(commands / COMMANDS_IN_EPISODE) }, (_, index) => seedOf(seed, index));
  await runEverywhere(availableParallelism(), seeds, (result) => {
    episodes += 1;
    done += result.commands;
    tally.addAll(result.counts);
    violated ??= result.violation && result;
    if (performance.now() - toldMs > PROGRESS_MS) {
      toldMs = performance.now();
      console.log(`${episodes} of ${seeds.length} worlds, ${done.toLocaleString('en')} commands, ${rate()}`);
    }
    return violated ? 'stop' : 'on';
  });
  console.log(tableOf(tally.counts));
  console.log(`\nseed ${seed}: ${done.toLocaleString('en')} commands in ${episodes} worlds, ${rate()}, ${Math.round((performance.now() - beganMs) / 1000)} s`);
  if (violated) showViolation(violated);
  else console.log('every invariant held');
  return violated === undefined;
}

async function runOne(seed: number): Promise<boolean> {
  const result = await runEpisode(seed, await loadMaps());
  console.log(tableOf(result.counts));
  if (result.violation) showViolation(result);
  else console.log(`${result.trace.join('\n')}\n\nevery invariant held`);
  return result.violation === undefined;
}

const { seed, commands, episode } = readSettings();
const isWell = episode === undefined ? await runAll(seed, commands) : await runOne(episode);
process.exitCode = isWell ? 0 : 1;
