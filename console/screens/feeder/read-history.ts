import { asked, type Asked } from '../../api/client.ts';
import type { AlarmThresholds, MealDay, PresenceDay, Readings } from '../../api/shapes.ts';
import type { TimeSpan } from '../../charts/site-days.ts';
import { api } from '../../session/session.ts';

/** What happened to a feeder in a span of time, as of `asOfMs`. */
export type FeederHistory = {
  span: TimeSpan;
  asOfMs: number;
  readings: Readings;
  days: readonly MealDay[];
  presence: readonly PresenceDay[];
  thresholds: AlarmThresholds;
};

export const CHARTED = { hopper: 'hopperGrams', temperature: 'waterTemperatureCelsius', oxygen: 'dissolvedOxygenMgPerLitre' } as const;

/** A span as the API takes it. */
export const spanQuery = ({ fromMs, toMs }: TimeSpan): { from: string; to: string } => ({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() });

/** Asks for some readings of a feeder. */
export const readReadings = (feederId: string, span: TimeSpan, names: readonly string[], signal: AbortSignal): Promise<Asked<Readings>> =>
  asked(() => api.GET('/feeders/{feederId}/readings', { params: { path: { feederId }, query: { ...spanQuery(span), names: names.join(',') } }, signal }));

/** Asks for all that the charts show; one thing that is refused refuses the whole, as half a history would be taken for one. */
export async function readHistory(feederId: string, span: TimeSpan, asOfMs: number, signal: AbortSignal): Promise<Asked<FeederHistory>> {
  const path = { feederId };
  const [readings, meals, presence, thresholds] = await Promise.all([
    readReadings(feederId, span, Object.values(CHARTED), signal),
    // The days come with the first page, of which nothing else is wanted.
    asked(() => api.GET('/feeders/{feederId}/meals', { params: { path, query: { ...spanQuery(span), limit: 1 } }, signal })),
    asked(() => api.GET('/feeders/{feederId}/presence', { params: { path, query: { ...spanQuery(span), limit: 500 } }, signal })),
    asked(() => api.GET('/feeders/{feederId}/alarm-thresholds', { params: { path }, signal })),
  ]);
  if (!readings.ok) return readings;
  if (!meals.ok) return meals;
  if (!presence.ok) return presence;
  if (!thresholds.ok) return thresholds;
  const data = { span, asOfMs, readings: readings.data, days: meals.data.days ?? [], presence: presence.data.items, thresholds: thresholds.data };
  return { ok: true, data, response: readings.response };
}
