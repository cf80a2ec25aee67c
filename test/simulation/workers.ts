import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { EpisodeResult } from './episode.ts';
import type { Invariant } from './invariants.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));

const Told = z.union([
  z.literal('ready'),
  z.object({
    seed: z.number(),
    commands: z.number(),
    counts: z.record(z.string(), z.number()),
    violation: z.object({ invariant: z.custom<Invariant>(), commandId: z.string().optional(), what: z.string() }).optional(),
    trace: z.array(z.string()),
    digest: z.number(),
  }),
]);

/** Runs the episodes of these seeds in so many processes; tells each result, until one is told to be the last. */
export async function runEverywhere(
  processes: number,
  seeds: readonly number[],
  onResult: (result: EpisodeResult) => 'on' | 'stop',
): Promise<void> {
  const left = [...seeds];
  const workers = Array.from({ length: Math.min(processes, seeds.length) }, () => {
    const child = fork(WORKER, { execArgv: ['--import', 'tsx'] });
    let seed: number | undefined;
    return new Promise<void>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`episode ${seed ?? 'none'} ended its process with ${code ?? 'a signal'}`))));
      child.on('message', (message) => {
        const told = Told.parse(message);
        if (told !== 'ready' && onResult({ ...told, violation: told.violation && { commandId: undefined, ...told.violation } }) === 'stop') left.length = 0;
        seed = left.shift();
        if (seed === undefined) child.disconnect();
        else child.send(seed);
      });
    });
  });
  await Promise.all(workers);
}
