import type { Asked } from '../api/client.ts';
import type { Command } from '../api/shapes.ts';
import { askingAt, type Asking, type Happening, type Progress } from './attempt.ts';

export type CarryThroughDeps = {
  /** Asks the bridge for the change, always with the same key and body. */
  ask: (asking: Asking) => Promise<Asked<Command>>;
  /** Looks up the command that it became. */
  look: (commandId: string) => Promise<Asked<Command>>;
  /** How long ago the change was asked for. */
  ageMs: () => number;
  /** Resolves after so long, or as soon as the link to the bridge is back. */
  pause: (ms: number) => Promise<void>;
  progress: () => Progress;
  report: (happening: Happening) => void;
};

const ASK_AGAIN_FIRST_MS = 1_000;
const ASK_AGAIN_MOST_MS = 8_000;
/** Outcomes come by the stream of events; this is for the one that was missed. */
const LOOK_EVERY_MS = 4_000;

/** Asks for a change until its outcome is known, or `signal` ends it. It is never begun twice: the bridge knows it by its key. */
export async function carryThrough(signal: AbortSignal, deps: CarryThroughDeps): Promise<void> {
  while (!isAborted(signal)) {
    const progress = deps.progress();
    switch (progress.kind) {
      case 'ended':
        return;
      case 'unsure':
        await deps.pause(Math.min(ASK_AGAIN_FIRST_MS * 2 ** (progress.asks - 1), ASK_AGAIN_MOST_MS));
        if (!isAborted(signal)) await askOnce(progress, deps);
        break;
      case 'sending':
        await askOnce(progress, deps);
        break;
      case 'pending':
        await deps.pause(LOOK_EVERY_MS);
        if (!isAborted(signal) && deps.progress().kind === 'pending') deps.report(looked(await deps.look(progress.commandId)));
        break;
    }
  }
}

/** Asked anew after a wait, which the compiler does not see. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

async function askOnce(progress: Progress, { ask, ageMs, report }: CarryThroughDeps): Promise<void> {
  const asking = askingAt(progress, ageMs());
  if (asking === undefined) {
    report({ kind: 'too-old' });
    return;
  }
  const answer = await ask(asking);
  if (answer.ok) report({ kind: 'answered', command: answer.data });
  else if (answer.failure.kind === 'problem') report({ kind: 'turned-away', problem: answer.failure.problem, asking });
  else report({ kind: 'no-answer' });
}

function looked(answer: Asked<Command>): Happening {
  if (answer.ok) return { kind: 'told', command: answer.data };
  const isGone = answer.failure.kind === 'problem' && answer.failure.problem.code === 'not-found';
  return isGone ? { kind: 'gone' } : { kind: 'no-answer' };
}
