import { asked, type Asked } from '../api/client.ts';
import type { Command } from '../api/shapes.ts';
import { api } from '../session/session.ts';
import type { Asking, Attempt } from './attempt.ts';

/** So long one answer is waited for. Asking again does not disturb what is under way. */
const ANSWER_WITHIN_MS = 15_000;

/** No config has it: a weak tag matches nothing. With it a known key is answered, and an unknown one begins nothing. */
const MATCHES_NOTHING = 'W/"0"';

/** Asks the bridge for a change, with the same key and body each time. */
export function askBridge({ feederId, order, key, seen }: Omit<Attempt, 'progress'>, asking: Asking, signal: AbortSignal): Promise<Asked<Command>> {
  const ifMatch = asking === 'key' ? MATCHES_NOTHING : seen && `"${seen.version}"`;
  const header = { 'Idempotency-Key': key, ...(ifMatch !== undefined && { 'If-Match': ifMatch }) };
  const params = { path: { feederId }, header };
  const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  return order.kind === 'set-config'
    ? asked(() => api.PATCH('/feeders/{feederId}/config', { params, body: order.changes, signal: within }))
    : asked(() => api.POST('/feeders/{feederId}/commands', { params, body: order, signal: within }));
}
