import type { RequestHandler } from 'express';
import { z } from 'zod';
import { FeederId, SiteId } from '../../topics/identifiers.ts';
import { Problem } from '../errors.ts';
import type { Directory, Feeder } from '../feeders/directory.ts';
import type { Enrolment } from '../feeders/enrolment.ts';
import type { PresenceBoard } from '../liveness/presence.ts';
import type { Sessions } from '../liveness/sessions.ts';
import { parseBody } from './json-body.ts';
import { page, parsePage } from './paging.ts';
import { feederOf } from './request-context.ts';
import { configShape, feederShape } from './shapes.ts';

export type FeederRouteDeps = {
  directory: Directory;
  enrolment: Enrolment;
  presence: PresenceBoard;
  sessions: Sessions;
};

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const EnrolmentBody = z.object({
  feederId: FeederId,
  name: z
    .string()
    .trim()
    .regex(/^[^\p{Cc}\p{Cs}]{1,100}$/u, 'expected a name of 1 to 100 characters'),
  site: SiteId,
  timeZone: z.string().refine(isTimeZone, 'expected an IANA time zone such as Europe/Oslo').default('UTC'),
});

const shape = (feeder: Feeder, { presence, sessions }: FeederRouteDeps) => feederShape(feeder, presence, sessions);

/** `GET /feeders` */
export const listFeeders =
  (deps: FeederRouteDeps): RequestHandler =>
  (request, response) => {
    const { limit, after } = parsePage(request.query, z.object({ feederId: z.string() }));
    const feeders = deps.directory.page(limit + 1, after?.feederId);
    const { items, ...rest } = page(feeders, limit, ({ feederId }) => ({ feederId }));
    response.json({ items: items.map((feeder) => shape(feeder, deps)), ...rest });
  };

/** `GET /feeders/{id}` */
export const getFeeder =
  (deps: FeederRouteDeps): RequestHandler =>
  (_request, response) => {
    response.json(shape(feederOf(response), deps));
  };

/** `POST /feeders`: enrols one and tells its agent's token, once. */
export const enrolFeeder =
  (deps: FeederRouteDeps): RequestHandler =>
  async (request, response) => {
    const { feeder, token } = await deps.enrolment.enrol(parseBody(EnrolmentBody, request.body));
    response.status(201).set('Location', `/api/v1/feeders/${feeder.feederId}`);
    response.json({ ...shape(feeder, deps), token });
  };

/** `DELETE /feeders/{id}` */
export const removeFeeder =
  (deps: FeederRouteDeps): RequestHandler =>
  async (request, response) => {
    const force = z.enum(['true', 'false']).default('false').safeParse(request.query['force']);
    if (!force.success) throw new Problem('malformed', 'Expected force to be true or false.');
    await deps.enrolment.remove(feederOf(response).feederId, force.data === 'true');
    response.status(204).end();
  };

/** `POST /feeders/{id}/token`: another token for the agent, told once. */
export const rotateToken =
  (deps: FeederRouteDeps): RequestHandler =>
  async (_request, response) => {
    const { feederId } = feederOf(response);
    const token = await deps.enrolment.rotateToken(feederId);
    response.status(201).json({ feederId, token });
  };

/** `GET /feeders/{id}/config`: what the PLC holds, as last read; its version is the ETag. */
export const getConfig = (): RequestHandler => (_request, response) => {
  const { config, profile } = feederOf(response);
  if (config === null) throw new Problem('not-found', 'This feeder has not reported its config yet.');
  response.set('ETag', `"${config.version}"`).json({ ...configShape(config), profile });
};
