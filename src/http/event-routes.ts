import { z } from 'zod';
import { fromInstant } from '../../topics/identifiers.ts';
import { seesSite } from '../access/caller.ts';
import { Problem } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { EVENT_TYPES, type EventType } from '../events/follower.ts';
import type { Directory } from '../feeders/directory.ts';
import { EventShape } from './event-shapes.ts';
import { COMMAND } from './examples.ts';
import { listOf, someFeeders } from './feeder-list.ts';
import { bodyLike, type Operation } from './operation.ts';
import { storeProblems } from './problem-answers.ts';
import { callerOf, remember } from './request-context.ts';
import { parseHeaders, parseQuery } from './request-parameters.ts';
import { Time } from './time-span.ts';

export type EventRouteDeps = { events: Events; directory: Directory; isStopping: () => boolean };

const EXPECTED_TYPES = `expected some of ${EVENT_TYPES.join(', ')}, with commas between`;

const EventsQuery = z.object({
  from: Time.optional().meta({
    description: 'Where no `Last-Event-ID` is sent: what was stored after this time is told first, for 7 days back.',
    example: '2026-01-31T08:00:00.000Z',
  }),
  feeders: someFeeders('Only events of these feeders, with commas between.'),
  types: z
    .string()
    .regex(listOf(EVENT_TYPES.join('|')), EXPECTED_TYPES)
    .optional()
    .meta({ description: 'Only events of these types, with commas between.', example: 'presence,alarm' }),
});

const EventsHeaders = z.object({
  'Last-Event-ID': z
    .string()
    .regex(/^\d{1,16}$/, 'expected the id of an event, a decimal number')
    .optional()
    .meta({ description: 'The `id` that came last: what came after it is told first.', example: '1769846400000001' }),
});

const isEventType = (text: string): text is EventType => EVENT_TYPES.some((type) => type === text);

const noSuchFeeder = (feederId: string): Problem => new Problem('not-found', `There is no feeder with the id ${feederId}.`);
const stopping = (): Problem => new Problem('bridge-stopping', 'Connect again in a moment.', { headers: { 'Retry-After': '2' } });

export const followEvents = ({ events, directory, isStopping }: EventRouteDeps): Operation => ({
  operationId: 'followEvents',
  role: 'viewer',
  atOnce: 'streams',
  tag: 'Events',
  summary: 'Follow what happens',
  description: [
    'A stream of server-sent events (HTML, 9.2): `presence`, `command` (when it is stored and when it has its outcome), `config`, `meal`',
    'and `alarm`, each as it stood then, with an `id` that rises in the order in which they were stored; and `state`, the latest readings and whether the PLC answers, which',
    'has no `id` and may skip what newer readings replace. Send the last `id` as `Last-Event-ID` and what came after it is told first, for 7 days back;',
    'where that is not known any more the event `reset` says so: read anew what you show. `from` does the same by a time. The `id` moves on between',
    'events too. A comment comes every 15 s. Whoever does not keep up is cut off, and goes on from its last `id`.',
  ].join(' '),
  query: EventsQuery,
  headers: EventsHeaders,
  answers: {
    200: {
      description: 'The stream; the schema is that of the `data` of each event.',
      events: bodyLike(EventShape, { feederId: COMMAND.feederId, at: '2026-01-31T08:00:00.000Z', command: COMMAND }),
    },
  },
  problems: [new Problem('malformed', `types: ${EXPECTED_TYPES}.`), noSuchFeeder('pond-9'), ...storeProblems(), stopping()],
  handle: async (request, response) => {
    const { from, feeders, types } = parseQuery(EventsQuery, request);
    const { 'Last-Event-ID': lastId } = parseHeaders(EventsHeaders, request);
    const feederIds = feeders?.split(',');
    const caller = callerOf(response);
    const sites = caller.sites === 'all' ? undefined : caller.sites;
    const isKnown = (feederId: string): boolean => {
      const feeder = directory.find(feederId);
      return feeder !== undefined && seesSite(caller, feeder.site);
    };
    const unknown = feederIds?.find((feederId) => !isKnown(feederId));
    if (unknown !== undefined) {
      if (directory.find(unknown) !== undefined) remember(response, { foreignFeeder: unknown });
      throw noSuchFeeder(unknown);
    }
    if (isStopping()) throw stopping();
    const start = lastId === undefined && from !== undefined
      ? await events.startFrom(fromInstant(from), sites)
      : await events.startAfter(lastId === undefined ? undefined : Number(lastId), sites);
    response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.flushHeaders();
    const filter = { feeders: feederIds && new Set(feederIds), types: types === undefined ? undefined : new Set(types.split(',').filter(isEventType)), sites };
    events.follow(response, filter, start);
  },
});
