import type { Evidence, LoggedError } from './evidence.ts';
import type { Life } from './processes.ts';

/** Errors that tell that a server is away, and which. */
const TELLS_OF: Readonly<Record<string, string>> = {
  StoreUnavailable: 'postgres',
  StoreSilent: 'postgres',
  LeaseStoreUnavailable: 'redis',
};
/** How long after a server or a program is back what it missed may still show: as long as a statement is waited for. */
const SHOWS_FOR_MS = 2_000;
/** How much sooner than the end of a process is noticed here another process may notice it. */
const NOTICED_WITHIN_MS = 250;

/** Whether a program ended because it was killed, was asked to, or could not start without the Postgres that was killed. */
export function isExplainedEnd({ name, startedAtMs, readyAtMs, end }: Life, lives: readonly Life[]): boolean {
  if (end === undefined) return false;
  if (end.asked) return end.code === 0;
  if (end.signal === 'SIGKILL') return true;
  const needs = name === 'bridge' || name === 'postgres';
  return needs && readyAtMs === undefined && wasAway('postgres', startedAtMs, end.atMs, lives);
}

/**
 * Whether an error says that a server is away which just then was killed and not ready again, or to which a program just
 * started is still connecting, or whose answers it did not hear while it stood still.
 */
export function isExplainedError({ name, atMs, type }: LoggedError, { lives, suspensions }: Pick<Evidence, 'lives' | 'suspensions'>): boolean {
  const server = TELLS_OF[type ?? ''];
  if (server === undefined) return false;
  const isConnecting = lives.some((life) => life.name === name && life.startedAtMs <= atMs && atMs < connectedBy(life));
  const stoodStill = suspensions.some((one) => (one.name === name || one.name === server) && one.fromMs <= atMs && atMs < one.toMs + SHOWS_FOR_MS);
  return isConnecting || stoodStill || wasAway(server, atMs, atMs, lives);
}

/** Until when a program may be connecting to its servers. */
const connectedBy = ({ readyAtMs, end }: Life): number => (readyAtMs === undefined ? (end?.atMs ?? Infinity) : readyAtMs + SHOWS_FOR_MS);

/** Whether a program was away at some time of a span: from when it was killed until it was ready again and what it missed had shown. */
function wasAway(name: string, fromMs: number, toMs: number, lives: readonly Life[]): boolean {
  const own = lives.filter((life) => life.name === name);
  return own.some(({ end }) => {
    if (end?.signal !== 'SIGKILL' || end.asked) return false;
    const backAtMs = Math.min(...own.flatMap(({ readyAtMs }) => (readyAtMs !== undefined && readyAtMs >= end.atMs ? [readyAtMs] : [])));
    return end.atMs - NOTICED_WITHIN_MS <= toMs && fromMs < backAtMs + SHOWS_FOR_MS;
  });
}
