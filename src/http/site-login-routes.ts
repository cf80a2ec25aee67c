import { z } from 'zod';
import { Instant, SiteId, SiteLoginName, toInstant } from '../../topics/identifiers.ts';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { seesSite, type Caller } from '../access/caller.ts';
import type { SiteLogins } from '../site-logins/site-logins.ts';
import type { SiteLogin } from '../store/site-logins.ts';
import { foreignSite } from './asked-sites.ts';
import { DisplayName } from './display-name.ts';
import { expiryAskedBy, FutureTime, isFuture } from './future-time.ts';
import { bodyProblems, parseBody } from './json-body.ts';
import { bodyLike, type Operation } from './operation.ts';
import { badPage, page, PageQuery, parsePage } from './paging.ts';
import { storeProblems } from './problem-answers.ts';
import { authorOf, callerOf } from './request-context.ts';
import { answered, pageOf } from './shapes.ts';
import { taken } from './taken-bodies.ts';
import { CursorMs } from './time-span.ts';

export type SiteLoginRouteDeps = { siteLogins: SiteLogins; clock: BridgeClock };

// A field that is not known might have been meant to limit the login.
const SiteLoginBody = z
  .strictObject({
    site: SiteId,
    name: DisplayName.meta({ description: 'Who or what it is for.' }),
    expiresAt: FutureTime,
  })
  .register(taken, { id: 'SiteLoginRequest', description: 'For which site, for whom and until when.' });

/** The body, asking for no login that would have expired at once. */
const siteLoginBody = (nowMs: number) => SiteLoginBody.extend({ expiresAt: isFuture(SiteLoginBody.shape.expiresAt, nowMs) });

const shown = {
  siteLoginId: z.uuid(),
  site: SiteId,
  name: z.string(),
  username: SiteLoginName,
  expiresAt: Instant.nullable(),
  createdAt: Instant,
};

const SiteLoginShape = z.object(shown).register(answered, {
  id: 'SiteLogin',
  description: "A login for looking on at one site's topics over MQTT.",
});

const NewSiteLoginShape = z.object({ ...shown, password: z.string() }).register(answered, {
  id: 'NewSiteLogin',
  description: 'A new site login and its password, which is never shown again.',
});

const SiteLoginPage = pageOf(SiteLoginShape, 'SiteLoginPage');

const EXAMPLE: z.output<typeof SiteLoginShape> = {
  siteLoginId: '5b1f0c9e-3c55-4b44-9a39-6f0b0e8f5d21',
  site: 'north-farm',
  name: "Kari's laptop",
  username: 'north-farm_7c1e09ab',
  expiresAt: '2026-06-30T16:00:00.000Z',
  createdAt: '2026-01-31T08:00:00.000Z',
};

/** A site login as REST shows it. */
const siteLoginShape = ({ siteLoginId, site, name, username, expiresAtMs, createdAtMs }: SiteLogin) => ({
  siteLoginId,
  site,
  name,
  username,
  expiresAt: expiresAtMs === null ? null : toInstant(expiresAtMs),
  createdAt: toInstant(createdAtMs),
});

/** An admin has to do with the logins for its own sites. */
const isOf =
  (caller: Caller) =>
  ({ site }: SiteLogin): boolean =>
    seesSite(caller, site);

const Cursor = z.object({ createdAtMs: CursorMs, siteLoginId: z.uuid() });

/** `GET /site-logins` */
export const listSiteLogins = ({ siteLogins }: SiteLoginRouteDeps): Operation => ({
  operationId: 'listSiteLogins',
  role: 'admin',
  tag: 'Site logins',
  summary: 'List the site logins',
  description: 'Newest first, without their passwords. Those that have expired stay in the list until they are removed.',
  query: PageQuery,
  answers: {
    200: {
      description: 'One page of site logins.',
      body: bodyLike(SiteLoginPage, { items: [EXAMPLE] }),
    },
  },
  problems: [badPage()],
  handle: (request, response) => {
    const { limit, after } = parsePage(request, Cursor);
    const logins = siteLogins.page(limit + 1, after, isOf(callerOf(response)));
    const { items, ...rest } = page(logins, limit, ({ createdAtMs, siteLoginId }) => ({ createdAtMs, siteLoginId }));
    response.json({ items: items.map(siteLoginShape), ...rest });
  },
});

/** `POST /site-logins` */
export const makeSiteLogin = ({ siteLogins, clock }: SiteLoginRouteDeps): Operation => ({
  operationId: 'makeSiteLogin',
  role: 'admin',
  tag: 'Site logins',
  summary: 'Make a site login',
  description:
    "For an MQTT explorer, or for a farm's own MQTT broker: it may read the topics of this site's feeders, and nothing " +
    'else. The password is told once. At its expiry its connections are cut.',
  body: {
    ...bodyLike(SiteLoginBody, { site: EXAMPLE.site, name: EXAMPLE.name, expiresAt: EXAMPLE.expiresAt }),
    contentTypes: ['application/json'],
  },
  answers: {
    201: {
      description: 'The site login, with its password.',
      body: bodyLike(NewSiteLoginShape, { ...EXAMPLE, password: 'Uq3mJ0c5o1vY2wq8s7dZkX4nE6tB9hLrPaGfViWjMxA' }),
    },
  },
  problems: [
    ...bodyProblems(['application/json']),
    new Problem('malformed', '/expiresAt: expected a time in the future.', {
      errors: [{ pointer: '/expiresAt', code: 'malformed', detail: 'expected a time in the future' }],
    }),
    ...storeProblems(),
  ],
  handle: async (request, response) => {
    const { site, name, expiresAt } = parseBody(siteLoginBody(clock.now()), request.body);
    if (!seesSite(callerOf(response), site)) throw foreignSite();
    const expiresAtMs = expiryAskedBy(callerOf(response), expiresAt);
    const { login, password } = await siteLogins.make({ site, name, expiresAtMs }, authorOf(response));
    response.status(201).json({ ...siteLoginShape(login), password });
  },
});

/** `DELETE /site-logins/{siteLoginId}` */
export const removeSiteLogin = ({ siteLogins }: SiteLoginRouteDeps): Operation => ({
  operationId: 'removeSiteLogin',
  role: 'admin',
  tag: 'Site logins',
  summary: 'Remove a site login',
  description: 'Its connections are cut at once, and it lets nobody in any more.',
  answers: { 204: { description: 'It is removed.' } },
  problems: [new Problem('not-found', 'There is no site login with this id.'), ...storeProblems()],
  handle: async (request, response) => {
    await siteLogins.remove(String(request.params['siteLoginId']), authorOf(response), isOf(callerOf(response)));
    response.status(204).end();
  },
});
