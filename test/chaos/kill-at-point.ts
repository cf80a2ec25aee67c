import { subscribe } from 'node:diagnostics_channel';
import { z } from 'zod';
import { POINTS } from '../../machine/points.ts';

// Loaded into the bridge and the agent before their own code. Kills whom it was told to, when a command comes to the point
// it was told: in that very tick, so that nothing after the point is done.

/** Kill these processes when a command next comes to the point, or so much later; this very process, if it is among them, comes last. */
const Trap = z.object({ point: z.enum(POINTS), delayMs: z.number().min(0), pids: z.array(z.int().positive()) });
const Told = z.union([Trap, z.literal('disarm')]);
/** What a process is told. */
export type TrapOrder = z.infer<typeof Told>;

const Reached = z.object({ point: z.enum(POINTS) });

let trap: TrapOrder = 'disarm';

if (process.send) {
  process.on('message', (told) => (trap = Told.parse(told)));
  // It outlives nobody who started it.
  process.on('disconnect', () => process.exit(1));
  process.channel?.unref();
}

subscribe('feederbridge.command', (told) => {
  if (trap === 'disarm') return;
  const { point } = Reached.parse(told);
  if (point !== trap.point) return;
  const { delayMs, pids } = trap;
  trap = 'disarm';
  if (delayMs === 0) pids.forEach(kill);
  else setTimeout(() => pids.forEach(kill), delayMs);
});

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
