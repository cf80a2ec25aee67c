import type { AuditEntry } from '../../api/shapes.ts';
import { beginOfDay, endOfDay } from './expiry.ts';

/** What of the audit is asked for, as filled in; an empty text is anything. Days are those of this device. */
export type AuditFilter = { feeder: string; action: string; author: string; result: AuditEntry['result'] | ''; fromDay: string; toDay: string };

export const NO_AUDIT_FILTER: AuditFilter = { feeder: '', action: '', author: '', result: '', fromDay: '', toDay: '' };

export type AuditQuery = { feeder?: string; action?: string; author?: string; result?: AuditEntry['result']; from?: string; to?: string };

/** The query that asks for it; undefined where it would end before it begins. */
export function auditQuery({ feeder, action, author, result, fromDay, toDay }: AuditFilter): AuditQuery | undefined {
  const fromMs = beginOfDay(fromDay);
  const toMs = endOfDay(toDay);
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) return undefined;
  return {
    ...(feeder.trim() !== '' && { feeder: feeder.trim().toLowerCase() }),
    ...(action !== '' && { action }),
    ...(author.trim() !== '' && { author: author.trim() }),
    ...(result !== '' && { result }),
    ...(fromMs !== undefined && { from: new Date(fromMs).toISOString() }),
    ...(toMs !== undefined && { to: new Date(toMs).toISOString() }),
  };
}
