import type { Command, Problem, ProblemCode, Values } from '../api/shapes.ts';
import { endingOf, toldByProblem, turnedAway, type Ending } from './ending.ts';
import type { Order } from './order.ts';

/** A change that somebody asked for here, and where it stands. */
export type Attempt = {
  readonly feederId: string;
  readonly order: Order;
  /** The same for every request of this attempt: however often it is asked, the bridge takes it once. */
  readonly key: string;
  /** What the person saw who asked; the change holds for that alone. Undefined where it is wanted whatever the settings are. */
  readonly seen: { version: number; values: Values } | undefined;
  /** By the bridge's clock. */
  readonly askedAtMs: number;
  readonly progress: Progress;
};

export type Progress =
  /** It is on its way to the bridge. */
  | { kind: 'sending' }
  /** No answer came: whether the bridge has it is being found out. */
  | { kind: 'unsure'; asks: number }
  /** The bridge has it, and its outcome is not known yet. */
  | { kind: 'pending'; commandId: string; isOverdue: boolean }
  | { kind: 'ended'; ending: Ending };

/**
 * How the bridge is asked: with the order as it is; or by its key alone, so that the bridge tells what it stands for and
 * never begins it now.
 */
export type Asking = 'order' | 'key';

export type Happening =
  | { kind: 'answered'; command: Command }
  | { kind: 'turned-away'; problem: Problem; asking: Asking }
  | { kind: 'no-answer' }
  /** The bridge told of a command by itself, or when that was looked up. */
  | { kind: 'told'; command: Command }
  /** The command is there no more: its feeder was removed. */
  | { kind: 'gone' }
  | { kind: 'too-old' };

/** For so long an order is sent again where no answer came. What is older must not surprise anybody: then only its key is asked for. */
export const SEND_AGAIN_WITHIN_MS = 30_000;
/** The bridge knows a key for 24 hours. */
export const KEY_KNOWN_FOR_MS = 23 * 3_600_000;

/** How to ask for an attempt that is so old and has no command yet; undefined where the bridge can tell no more. */
export function askingAt(progress: Progress, ageMs: number): Asking | undefined {
  if (progress.kind === 'sending' || ageMs < SEND_AGAIN_WITHIN_MS) return 'order';
  return ageMs < KEY_KNOWN_FOR_MS ? 'key' : undefined;
}

const ended = (ending: Ending): Progress => ({ kind: 'ended', ending });

/** Where an attempt stands after something has happened. What has ended stays as it ended. */
export function progressAfter(progress: Progress, happening: Happening): Progress {
  if (progress.kind === 'ended') return progress;
  switch (happening.kind) {
    case 'answered':
      return byCommand(happening.command);
    case 'told':
      return progress.kind === 'pending' && progress.commandId === happening.command.commandId ? byCommand(happening.command) : progress;
    case 'no-answer':
      return progress.kind === 'pending' ? progress : stillUnsure(progress);
    case 'gone':
    case 'too-old':
      return ended({ kind: 'unknown' });
    case 'turned-away':
      return progress.kind === 'pending' ? progress : afterRefusal(progress, happening);
  }
}

function byCommand(command: Command): Progress {
  const ending = endingOf(command);
  return ending === undefined ? { kind: 'pending', commandId: command.commandId, isOverdue: command.state === 'unresolved' } : ended(ending);
}

type Open = Extract<Progress, { kind: 'sending' | 'unsure' }>;

const stillUnsure = (progress: Open): Progress => ({ kind: 'unsure', asks: progress.kind === 'unsure' ? progress.asks + 1 : 1 });

function afterRefusal(progress: Open, { problem, asking }: { problem: Problem; asking: Asking }): Progress {
  const told = toldByProblem(problem);
  if (told?.kind === 'unresolved') return { kind: 'pending', commandId: told.commandId, isOverdue: true };
  if (told) return told;
  // Nobody foresaw it, so nobody knows how far it had come.
  if (problem.code === 'internal-error') return stillUnsure(progress);
  if (progress.kind === 'sending') return ended(turnedAway(problem));
  switch (saysOfKey(problem)) {
    case 'nothing-now':
      return stillUnsure(progress);
    case 'nothing':
      return ended({ kind: 'unknown' });
    case 'unknown-key':
      return ended(asking === 'order' ? turnedAway(problem) : { kind: 'never-arrived' });
  }
}

/** The bridge looks up the key after it knows who is asking, and before it looks at the feeder: so these say that it knew none. */
const SAID_AFTER_THE_KEY: readonly ProblemCode[] = [
  'feeder-offline',
  'plc-unreachable',
  'command-pending',
  'version-mismatch',
  'invalid-config',
  'out-of-range',
  'unsupported-parameter',
  'unsupported-command',
];
/** These come at any time and pass. */
const SAID_AT_ANY_TIME: readonly ProblemCode[] = ['rate-limited', 'store-unavailable', 'lease-store-unavailable', 'bridge-stopping'];

/** What a refusal says of a request before it. */
function saysOfKey({ code }: Problem): 'nothing-now' | 'nothing' | 'unknown-key' {
  if (SAID_AFTER_THE_KEY.includes(code)) return 'unknown-key';
  return SAID_AT_ANY_TIME.includes(code) ? 'nothing-now' : 'nothing';
}
