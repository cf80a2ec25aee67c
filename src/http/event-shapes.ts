import { z } from 'zod';
import { FeederId, Instant, toInstant } from '../../topics/identifiers.ts';
import { PresenceNotice, State } from '../../topics/payloads.ts';
import type { Directory } from '../feeders/directory.ts';
import type { StoredEvent } from '../store/events.ts';
import { AlarmShape, alarmShape, MealShape, mealShape } from './history-shapes.ts';
import { answered, CommandShape, commandShape, ConfigShape, configShape, PlcLinkShape } from './shapes.ts';

const head = { feederId: FeederId, at: Instant };

/** The data of an event: what happened to which feeder, under the name of its type. */
export const EventShape = z
  .union([
    z.object({ ...head, presence: PresenceNotice }),
    z.object({ ...head, command: CommandShape }),
    z.object({ ...head, config: ConfigShape }),
    z.object({ ...head, state: State, plc: PlcLinkShape }),
    z.object({ ...head, meal: MealShape }),
    z.object({ ...head, alarm: AlarmShape }),
    z.object({ newestId: z.int().meta({ description: 'The newest event there is, from where it goes on.' }) }),
  ])
  .register(answered, {
    id: 'Event',
    description: 'The `data` of one event: what happened, as REST shows it, under the name of its type. `newestId` is that of a `reset`.',
  });

type EventData = z.output<typeof EventShape>;

function dataOf(event: StoredEvent): EventData {
  const about = { feederId: event.feederId, at: toInstant(event.atMs) };
  switch (event.type) {
    case 'presence': {
      const { atMs, ...presence } = event.presence;
      return { ...about, presence: { ...presence, at: toInstant(atMs) } };
    }
    case 'command':
      // As it stood then: whether it is overdue by now, whoever reads it may see by the clock.
      return { ...about, command: commandShape(event.command, event.atMs) };
    case 'config':
      return { ...about, config: configShape(event.config) };
    case 'meal':
      return { ...about, meal: mealShape(event.meal) };
    case 'alarm':
      return { ...about, alarm: alarmShape(event.alarm) };
  }
}

const bytesOf = (head: string, data: EventData): Buffer => Buffer.from(`${head}\ndata: ${JSON.stringify(data)}\n\n`);

/** A stored event as it is sent. */
export const renderEvent = (event: StoredEvent): Buffer => bytesOf(`id: ${event.eventId}\nevent: ${event.type}`, dataOf(event));

/** Whether a feeder's PLC answers. */
export type PlcLinkOf = (feederId: string) => z.output<typeof PlcLinkShape>;

/** Renders the latest readings of feeders as they are sent, once for all who get them. They have no id: nobody resumes with them. */
export function stateRenderer(directory: Directory, plcLinkOf: PlcLinkOf): (feederId: string) => Buffer | undefined {
  const rendered = new WeakMap<State, { plc: string; bytes: Buffer }>();
  return (feederId) => {
    const state = directory.find(feederId)?.state;
    if (!state) return undefined;
    const plc = plcLinkOf(feederId);
    const known = rendered.get(state);
    const bytes = known?.plc === plc ? known.bytes : bytesOf('event: state', { feederId, at: state.at, state, plc });
    rendered.set(state, { plc, bytes });
    return bytes;
  };
}
