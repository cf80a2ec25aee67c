import type { Evidence, LoggedError } from './evidence.ts';
import { diskOf } from './mishaps.ts';
import type { Life } from './processes.ts';

type Reasons = Pick<Evidence, 'lives' | 'outages' | 'diskLosses'>;

/** Of which server's absence, or of which full disk, an error of a program tells. */
const TELLS_OF: Readonly<Record<string, (name: string) => string>> = {
  StoreUnavailable: () => 'postgres',
  StoreSilent: () => 'postgres',
  LeaseStoreUnavailable: () => 'redis',
  DiskError: diskOf,
};
const OLD_COPY = 'it is an old copy';
/** How long after a server or a program is back what it missed may still show: as long as a statement is waited for. */
const SHOWS_FOR_MS = 2_000;
/** How much sooner than the end of a process is noticed here another process may notice it. */
const NOTICED_WITHIN_MS = 250;

/** Whether a program ended because it was killed, was asked to, or could not start without a Postgres or room on its disk. */
export function isExplainedEnd({ name, startedAtMs, readyAtMs, end }: Life, reasons: Reasons): boolean {
  if (end === undefined) return false;
  if (end.asked) return end.code === 0;
  if (end.signal === 'SIGKILL') return true;
  const needs = name === 'bridge' || name === 'postgres' ? 'postgres' : diskOf(name);
  return readyAtMs === undefined && wasAway(needs, startedAtMs, end.atMs, reasons);
}

/**
 * Whether an error says that a server is away which just then was killed or stopped and not ready again, or to which a program
 * just started is still connecting, or whose answers it did not hear while it stood still; or that a disk is full which was,
 * or a spool an old copy which was put back.
 */
export function isExplainedError({ name, atMs, what, type }: LoggedError, reasons: Reasons): boolean {
  if (what.includes(OLD_COPY)) return reasons.diskLosses.some((loss) => loss.name === name && loss.fate === 'spool put back' && loss.atMs <= atMs);
  const away = TELLS_OF[type ?? '']?.(name);
  if (away === undefined) return false;
  const isServer = away !== diskOf(name);
  const isConnecting = reasons.lives.some((life) => life.name === name && life.startedAtMs <= atMs && atMs < connectedBy(life));
  return (isServer && (isConnecting || wasOut(name, atMs, atMs, reasons))) || wasAway(away, atMs, atMs, reasons);
}

/** Until when a program may be connecting to its servers. */
const connectedBy = ({ readyAtMs, end }: Life): number => (readyAtMs === undefined ? (end?.atMs ?? Infinity) : readyAtMs + SHOWS_FOR_MS);

/** Whether it was out at some time of a span, or what it missed had not shown yet. */
const wasOut = (name: string, fromMs: number, toMs: number, { outages }: Reasons): boolean =>
  outages.some((outage) => outage.name === name && outage.fromMs <= toMs && fromMs < outage.toMs + SHOWS_FOR_MS);

/** Whether it was away at some time of a span: out, or killed and not ready again until what it missed had shown. */
function wasAway(name: string, fromMs: number, toMs: number, reasons: Reasons): boolean {
  const own = reasons.lives.filter((life) => life.name === name);
  const wasKilled = own.some(({ end }) => {
    if (end?.signal !== 'SIGKILL' || end.asked) return false;
    const backAtMs = Math.min(...own.flatMap(({ readyAtMs }) => (readyAtMs !== undefined && readyAtMs >= end.atMs ? [readyAtMs] : [])));
    return end.atMs - NOTICED_WITHIN_MS <= toMs && fromMs < backAtMs + SHOWS_FOR_MS;
  });
  return wasKilled || wasOut(name, fromMs, toMs, reasons);
}
