import { z } from 'zod';
import { FeederId, SiteId } from '../../topics/identifiers.ts';
import { seesSite } from '../access/caller.ts';
import { Problem } from '../errors.ts';
import type { Directory, Feeder } from '../feeders/directory.ts';
import { commandPending, feederExists, type Enrolment } from '../feeders/enrolment.ts';
import type { PresenceBoard } from '../liveness/presence.ts';
import type { Sessions } from '../liveness/sessions.ts';
import { foreignSite } from './asked-sites.ts';
import { DisplayName } from './display-name.ts';
import { COMMAND, CONFIG, FEEDER, NEW_FEEDER, PROFILE, TOKEN } from './examples.ts';
import { bodyProblems, parseBody } from './json-body.ts';
import { bodyLike, type Operation } from './operation.ts';
import { badPage, page, PageQuery, parsePage } from './paging.ts';
import { storeProblems } from './problem-answers.ts';
import { authorOf, callerOf, feederOf, noSuchFeeder } from './request-context.ts';
import { parseQuery } from './request-parameters.ts';
import { answered, ConfigWithProfileShape, configShape, FeederShape, feederShape, pageOf } from './shapes.ts';
import { taken } from './taken-bodies.ts';

export type FeederRouteDeps = {
  directory: Directory;
  enrolment: Enrolment;
  presence: PresenceBoard;
  sessions: Sessions;
};

const shape = (feeder: Feeder, { presence, sessions }: FeederRouteDeps) => feederShape(feeder, presence, sessions);

const FeederPage = pageOf(FeederShape, 'FeederPage');

export const listFeeders = (deps: FeederRouteDeps): Operation => ({
  operationId: 'listFeeders',
  role: 'viewer',
  tag: 'Feeders',
  summary: 'List the feeders',
  description: 'Every feeder of the sites that the key is for, by `feederId`.',
  query: PageQuery,
  answers: { 200: { description: 'A page of feeders.', body: bodyLike(FeederPage, { items: [FEEDER] }) } },
  problems: [badPage()],
  handle: (request, response) => {
    const { limit, after } = parsePage(request, z.object({ feederId: z.string() }));
    const caller = callerOf(response);
    const feeders = deps.directory.page(limit + 1, after?.feederId, ({ site }) => seesSite(caller, site));
    const { items, ...rest } = page(feeders, limit, ({ feederId }) => ({ feederId }));
    response.json({ items: items.map((feeder) => shape(feeder, deps)), ...rest });
  },
});

export const getFeeder = (deps: FeederRouteDeps): Operation => ({
  operationId: 'getFeeder',
  role: 'viewer',
  tag: 'Feeders',
  summary: 'Look at a feeder',
  description: 'Its presence, its PLC link, its config and latest readings, and what may be set.',
  answers: { 200: { description: 'The feeder.', body: bodyLike(FeederShape, FEEDER) } },
  problems: [noSuchFeeder()],
  handle: (_request, response) => {
    response.json(shape(feederOf(response), deps));
  },
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const EnrolmentBody = z
  .object({
    feederId: FeederId,
    name: DisplayName,
    site: SiteId,
    timeZone: z
      .string()
      .refine(isTimeZone, 'expected an IANA time zone such as Europe/Oslo')
      .default('UTC')
      .meta({ description: 'An IANA time zone.' }),
  })
  .register(taken, { id: 'Enrolment', description: 'A feeder to be enrolled.' });

const EnrolledShape = FeederShape.extend({
  token: z.string().meta({ description: "The agent's MQTT password. It is shown here and never again." }),
}).register(answered, { id: 'EnrolledFeeder', description: 'A feeder that was just enrolled, and its token.' });

export const enrolFeeder = (deps: FeederRouteDeps): Operation => ({
  operationId: 'enrolFeeder',
  role: 'admin',
  tag: 'Feeders',
  summary: 'Enrol a feeder',
  description: "Answers with its agent's token, once.",
  body: {
    ...bodyLike(EnrolmentBody, { feederId: 'pond-1', name: 'North pond', site: 'farm', timeZone: 'Europe/Oslo' }),
    contentTypes: ['application/json'],
  },
  answers: {
    201: { description: 'It is enrolled.', body: bodyLike(EnrolledShape, { ...NEW_FEEDER, token: TOKEN }), headers: ['Location'] },
  },
  problems: [...bodyProblems(['application/json']), feederExists('pond-1'), ...storeProblems()],
  handle: async (request, response) => {
    const asked = parseBody(EnrolmentBody, request.body);
    const caller = callerOf(response);
    if (!seesSite(caller, asked.site)) throw foreignSite();
    const formerSite = deps.directory.siteOf(asked.feederId);
    // The history of a removed feeder would come with its id.
    if (formerSite !== undefined && !seesSite(caller, formerSite)) throw feederExists(asked.feederId);
    const { feeder, token } = await deps.enrolment.enrol(asked, authorOf(response));
    response.status(201).set('Location', `/api/v1/feeders/${feeder.feederId}`);
    response.json({ ...shape(feeder, deps), token } satisfies z.output<typeof EnrolledShape>);
  },
});

const RemovalQuery = z.object({
  force: z
    .enum(['true', 'false'], 'expected true or false')
    .transform((text) => text === 'true')
    .pipe(z.boolean())
    .default(false)
    .meta({ description: 'Remove it even while commands have no outcome: they are settled as `indeterminate`.' }),
});

export const removeFeeder = (deps: FeederRouteDeps): Operation => ({
  operationId: 'removeFeeder',
  role: 'admin',
  tag: 'Feeders',
  summary: 'Remove a feeder',
  description: 'Ends its session and its token. Its history stays, and so does its version counter, should the id come back.',
  query: RemovalQuery,
  answers: { 204: { description: 'It is removed.' } },
  problems: [
    new Problem('malformed', 'force: expected true or false.'),
    noSuchFeeder(),
    commandPending(COMMAND.commandId),
    ...storeProblems(),
  ],
  handle: async (request, response) => {
    const { force } = parseQuery(RemovalQuery, request);
    await deps.enrolment.remove(feederOf(response).feederId, force, authorOf(response));
    response.status(204).end();
  },
});

const neverReported = (): Problem => new Problem('not-found', 'This feeder has not reported its config yet.');

export const getConfig = (): Operation => ({
  operationId: 'getConfig',
  role: 'viewer',
  tag: 'Config',
  summary: "Read a feeder's config",
  description: 'What the PLC holds, as last read from it. Its version is the ETag.',
  answers: {
    200: { description: 'The config.', body: bodyLike(ConfigWithProfileShape, { ...CONFIG, profile: PROFILE }), headers: ['ETag'] },
  },
  problems: [neverReported()],
  handle: (_request, response) => {
    const { config, profile } = feederOf(response);
    if (config === null) throw neverReported();
    const shown: z.output<typeof ConfigWithProfileShape> = { ...configShape(config), profile };
    response.set('ETag', `"${config.version}"`).json(shown);
  },
});
