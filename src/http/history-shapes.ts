import { z } from 'zod';
import { FeederId, Instant, toInstant } from '../../topics/identifiers.ts';
import { PresenceNotice } from '../../topics/payloads.ts';
import type { StoredAlarm } from '../store/alarms.ts';
import type { StoredMeal } from '../store/meal-history.ts';
import type { PresenceChange } from '../store/presence-changes.ts';
import { answered } from './shapes.ts';

/** What REST shows of a feeder's history. */

export const MealShape = z
  .object({
    mealId: z.int().meta({ description: 'Its number among the meals of its feeder.' }),
    feederId: FeederId,
    at: Instant,
    count: z.int().meta({ description: 'How many meals it is: several where they could not be told apart.' }),
    grams: z.number(),
    plannedGrams: z.number().nullable(),
    source: z.enum(['schedule', 'feed-now', 'panel']),
    commandId: z.string().nullable(),
    countTotal: z.int().meta({ description: "The PLC's counter of meals, after it." }),
    totalGrams: z.number().meta({ description: "The PLC's counter of grams, after it." }),
    booked: z.boolean().meta({ description: "Found by the PLC's counters, without word from an agent that it was fed." }),
  })
  .register(answered, { id: 'Meal', description: "A meal, counted by the PLC's own counters." });

/** A meal as REST shows it. */
export const mealShape = ({ atMs, isBooked, ...meal }: StoredMeal): z.output<typeof MealShape> => ({
  ...meal,
  at: toInstant(atMs),
  booked: isBooked,
});

export const AlarmState = z.enum(['open', 'cleared']);

export const AlarmShape = z
  .object({
    alarmId: z.uuid(),
    feederId: FeederId,
    name: z.string(),
    origin: z.enum(['plc', 'bridge']).meta({ description: 'Who raised it: a bit of the PLC, or the bridge.' }),
    severity: z.enum(['info', 'warning', 'critical']),
    detail: z.string().meta({ description: 'What it is about, in words.' }),
    state: AlarmState,
    raisedAt: Instant,
    clearedAt: Instant.nullable(),
    acknowledgedAt: Instant.nullable(),
    acknowledgedBy: z.string().nullable(),
  })
  .register(answered, { id: 'Alarm', description: 'Something wrong, raised once and cleared once.' });

const instantOrNull = (epochMs: number | null): string | null => (epochMs === null ? null : toInstant(epochMs));

/** An alarm as REST shows it. */
export const alarmShape = (alarm: StoredAlarm): z.output<typeof AlarmShape> => ({
  alarmId: alarm.alarmId,
  feederId: alarm.feederId,
  name: alarm.name,
  origin: alarm.origin,
  severity: alarm.severity,
  detail: alarm.detail,
  state: alarm.clearedAtMs === null ? 'open' : 'cleared',
  raisedAt: toInstant(alarm.raisedAtMs),
  clearedAt: instantOrNull(alarm.clearedAtMs),
  acknowledgedAt: instantOrNull(alarm.acknowledgedAtMs),
  acknowledgedBy: alarm.acknowledgedBy,
});

export const PresenceChangeShape = z.object({
  at: Instant,
  state: PresenceNotice.shape.state,
  reason: PresenceNotice.shape.reason,
});

/** A change of presence as REST shows it. */
export const presenceChangeShape = ({ atMs, state, reason }: Omit<PresenceChange, 'presenceChangeId'>): z.output<typeof PresenceChangeShape> => ({
  at: toInstant(atMs),
  state,
  reason,
});
