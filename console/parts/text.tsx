import type { JSX } from 'preact';
import { everySecondMs, everyTenSecondsMs } from '../device/clock.ts';
import { formatAge, formatDateTime } from '../format/times.ts';

/** An id, a name someone chose or a text of another language, which keeps its own direction among the words around it. */
export const Own = ({ children }: { children: string }): JSX.Element => <bdi>{children}</bdi>;

/** An id or a code, letter by letter. */
export const Id = ({ children }: { children: string }): JSX.Element => <bdi class="id" dir="ltr">{children}</bdi>;

/** A number or value with its unit, read from the left in every language. */
export const Amount = ({ children }: { children: string }): JSX.Element => <bdi class="amount">{children}</bdi>;

/** How long ago something was; the moment itself is in its title. `often`: every second. */
export function Ago({ at, timeZone, often = false }: { at: string; timeZone?: string | undefined; often?: boolean }): JSX.Element {
  const nowMs = (often ? everySecondMs : everyTenSecondsMs).value;
  return <time dateTime={at} title={formatDateTime(at, timeZone)}>{formatAge(at, nowMs)}</time>;
}
