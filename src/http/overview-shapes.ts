import { z } from 'zod';
import { FeederId, Instant, toInstant } from '../../topics/identifiers.ts';
import { PresenceNotice } from '../../topics/payloads.ts';
import { MOST_ALARMS, MOST_PRESENCE_CHANGES, type Overview } from '../history/overview.ts';
import type { PresenceSpan } from '../history/presence-spans.ts';
import { AlarmShape, alarmShape, MealShape } from './history-shapes.ts';
import { answered } from './shapes.ts';

export const PresenceSpanShape = z.object({ state: PresenceNotice.shape.state, from: Instant, to: Instant });

/** A span of presence as REST shows it. */
export const presenceSpanShape = ({ state, fromMs, toMs }: PresenceSpan): z.output<typeof PresenceSpanShape> => ({
  state,
  from: toInstant(fromMs),
  to: toInstant(toMs),
});

const grams = z.number();

export const OverviewShape = z
  .object({
    feederId: FeederId,
    at: Instant.meta({ description: "The bridge's time: as of when all this is." }),
    today: z
      .object({
        date: z.iso.date(),
        meals: z.int(),
        fedGrams: grams,
        plannedGrams: grams.nullable().meta({
          description: 'What the schedule asks for on the whole day, if the config stays as it is. Null where the config of the day is not known.',
        }),
        plannedSoFarGrams: grams.nullable().meta({ description: 'The part of it that is due by now.' }),
      })
      .meta({ description: "Today, in the feeder's time zone." }),
    lastMeal: z
      .object({ at: Instant, grams, count: MealShape.shape.count, source: MealShape.shape.source })
      .nullable()
      .meta({ description: 'Null where it was never fed.' }),
    lastDose: z
      .object({
        at: Instant,
        grams,
        commandId: z.string(),
        counted: z.boolean().meta({
          description: "The PLC's counters show it. If not, its command alone tells that it fed, or may have, and the grams are those that were asked for.",
        }),
      })
      .nullable()
      .meta({ description: 'The last feed-now that fed, or may have. Null where there was none.' }),
    hopper: z
      .object({
        grams: grams.nullable().meta({ description: 'The latest reading; null where there is none, or it is stale or bad.' }),
        readAt: Instant.nullable().meta({ description: 'When that was read.' }),
        gramsPerDay: grams.nullable().meta({ description: 'What was fed a day lately; null where no meal is known.' }),
        daysLeft: z.number().nullable().meta({ description: 'From `at` on, at that pace; null where that is not known, or ten years off.' }),
        emptyAt: Instant.nullable(),
      })
      .meta({ description: 'What the hopper holds, and how long that lasts.' }),
    presence: z.array(PresenceSpanShape).meta({
      description: `The last 24 hours, oldest first; what nobody knows is in no span. Of more than ${MOST_PRESENCE_CHANGES} changes the newest are told.`,
    }),
    openAlarms: z.array(AlarmShape).meta({ description: `The worst first, then the newest; ${MOST_ALARMS} at most.` }),
    openAlarmCount: z.int(),
  })
  .register(answered, { id: 'FeederOverview', description: 'How a feeder is doing, at a glance.' });

const instantOrNull = (epochMs: number | null): string | null => (epochMs === null ? null : toInstant(epochMs));

/** An overview as REST shows it, as of `nowMs`. */
export const overviewShape = (
  { feederId, today, lastMeal, lastDose, hopper, presence, openAlarms, openAlarmCount }: Overview,
  nowMs: number,
): z.output<typeof OverviewShape> => ({
  feederId,
  at: toInstant(nowMs),
  today,
  lastMeal: lastMeal && { at: toInstant(lastMeal.atMs), grams: lastMeal.grams, count: lastMeal.count, source: lastMeal.source },
  lastDose: lastDose && { at: toInstant(lastDose.atMs), grams: lastDose.grams, commandId: lastDose.commandId, counted: lastDose.isCounted },
  hopper: {
    grams: hopper.grams,
    readAt: instantOrNull(hopper.readAtMs),
    gramsPerDay: hopper.gramsPerDay,
    daysLeft: hopper.daysLeft,
    emptyAt: instantOrNull(hopper.emptyAtMs),
  },
  presence: presence.map(presenceSpanShape),
  openAlarms: openAlarms.map(alarmShape),
  openAlarmCount,
});
