import { z } from 'zod';
import { Instant, SiteId, toInstant } from '../../topics/identifiers.ts';
import { keyExists, noSuchKey, type ApiKeys } from '../access/api-keys.ts';
import { coversSites, ROLES, type Caller } from '../access/caller.ts';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import type { ApiKey } from '../store/api-keys.ts';
import { someSites, sitesAskedBy } from './asked-sites.ts';
import { DisplayName } from './display-name.ts';
import { bodyProblems, parseBody } from './json-body.ts';
import { bodyLike, type Operation } from './operation.ts';
import { badPage, page, PageQuery, parsePage } from './paging.ts';
import { storeProblems } from './problem-answers.ts';
import { authorOf, callerOf } from './request-context.ts';
import { answered, pageOf } from './shapes.ts';
import { taken } from './taken-bodies.ts';
import { CursorMs } from './time-span.ts';
import { expiryAskedBy, FutureTime, isFuture } from './future-time.ts';

export type KeyRouteDeps = { apiKeys: ApiKeys; clock: BridgeClock };

// A field that is not known might have been meant to limit the key.
const KeyBody = z
  .strictObject({
    name: DisplayName.meta({ description: 'Who or what it is for. What it changes is told to be by this name.' }),
    role: z.enum(ROLES, `expected one of ${ROLES.join(', ')}`),
    sites: someSites,
    expiresAt: FutureTime,
  })
  .register(taken, { id: 'KeyRequest', description: 'For whom, what it may do, for which sites and until when.' });

/** The body, asking for no key that would have expired at once. */
const keyBody = (nowMs: number) => KeyBody.extend({ expiresAt: isFuture(KeyBody.shape.expiresAt, nowMs) });

const shown = {
  apiKeyId: z.uuid(),
  name: z.string(),
  role: z.enum(ROLES),
  sites: z.array(SiteId).nullable(),
  createdAt: Instant,
  createdBy: z.string().nullable().meta({ description: 'Null: the bridge, on its first start.' }),
  expiresAt: Instant.nullable(),
  lastUsedAt: Instant.nullable().meta({ description: 'To the minute.' }),
};

const KeyShape = z.object(shown).register(answered, { id: 'Key', description: 'A key for this API; sites that are null are all sites.' });
const NewKeyShape = z
  .object({ ...shown, key: z.string() })
  .register(answered, { id: 'NewKey', description: 'A new key, which is never shown again.' });
const KeyPage = pageOf(KeyShape, 'KeyPage');

const EXAMPLE: z.output<typeof KeyShape> = {
  apiKeyId: '3e8f7a52-94f4-4a0c-8a53-0d5a2be1c6f7',
  name: "Kari's phone",
  role: 'operator',
  sites: ['north-farm'],
  createdAt: '2026-01-31T08:00:00.000Z',
  createdBy: 'admin',
  expiresAt: '2027-01-31T16:00:00.000Z',
  lastUsedAt: null,
};

/** A key as REST shows it. */
const keyShape = ({ apiKeyId, name, role, sites, createdAtMs, createdBy, expiresAtMs, lastUsedAtMs }: ApiKey): z.output<typeof KeyShape> => ({
  apiKeyId,
  name,
  role,
  sites,
  createdAt: toInstant(createdAtMs),
  createdBy,
  expiresAt: expiresAtMs === null ? null : toInstant(expiresAtMs),
  lastUsedAt: lastUsedAtMs === null ? null : toInstant(lastUsedAtMs),
});

/** An admin has to do with the keys that are for nothing but its own sites. */
const isOf =
  (caller: Caller) =>
  ({ sites }: ApiKey): boolean =>
    coversSites(caller, sites);

const Cursor = z.object({ createdAtMs: CursorMs, apiKeyId: z.uuid() });

/** `GET /keys` */
export const listKeys = ({ apiKeys }: KeyRouteDeps): Operation => ({
  operationId: 'listKeys',
  role: 'admin',
  tag: 'Keys',
  summary: 'List the keys',
  description: 'Newest first, without the keys themselves. Those that have expired stay in the list until they are revoked; ADMIN_KEY is not in it.',
  query: PageQuery,
  answers: { 200: { description: 'One page of keys.', body: bodyLike(KeyPage, { items: [EXAMPLE] }) } },
  problems: [badPage()],
  handle: (request, response) => {
    const { limit, after } = parsePage(request, Cursor);
    const keys = apiKeys.page(limit + 1, after, isOf(callerOf(response)));
    const { items, ...rest } = page(keys, limit, ({ createdAtMs, apiKeyId }) => ({ createdAtMs, apiKeyId }));
    response.json({ items: items.map(keyShape), ...rest });
  },
});

/** `POST /keys` */
export const makeKey = ({ apiKeys, clock }: KeyRouteDeps): Operation => ({
  operationId: 'makeKey',
  role: 'admin',
  tag: 'Keys',
  summary: 'Make a key',
  description:
    'A viewer reads; an operator also changes feeders; an admin also enrols and removes feeders and manages keys and logins. Whoever is an ' +
    'admin of some sites makes keys for these alone. A key that expires makes none that outlasts it. A person may make keys that last, ' +
    'which is how people make those of programs; the audit names who did. The key is told once.',
  body: {
    ...bodyLike(KeyBody, { name: EXAMPLE.name, role: EXAMPLE.role, sites: EXAMPLE.sites, expiresAt: EXAMPLE.expiresAt }),
    contentTypes: ['application/json'],
  },
  answers: {
    201: { description: 'The key.', body: bodyLike(NewKeyShape, { ...EXAMPLE, key: 'Uq3mJ0c5o1vY2wq8s7dZkX4nE6tB9hLrPaGfViWjMxA' }) },
  },
  problems: [
    ...bodyProblems(['application/json']),
    new Problem('malformed', '/role: expected one of viewer, operator, admin.', {
      errors: [{ pointer: '/role', code: 'malformed', detail: 'expected one of viewer, operator, admin' }],
    }),
    keyExists(EXAMPLE.name),
    ...storeProblems(),
  ],
  handle: async (request, response) => {
    const { name, role, sites: asked, expiresAt } = parseBody(keyBody(clock.now()), request.body);
    const sites = sitesAskedBy(callerOf(response), asked);
    const expiresAtMs = expiryAskedBy(callerOf(response), expiresAt);
    const { apiKey, key } = await apiKeys.make({ name, role, sites, expiresAtMs }, authorOf(response));
    response.status(201).json({ ...keyShape(apiKey), key } satisfies z.output<typeof NewKeyShape>);
  },
});

/** `DELETE /keys/{apiKeyId}` */
export const revokeKey = ({ apiKeys }: KeyRouteDeps): Operation => ({
  operationId: 'revokeKey',
  role: 'admin',
  tag: 'Keys',
  summary: 'Revoke a key',
  description: 'It lets nobody in any more, and what is being sent to whoever has it is cut, streams of events too. A key may revoke itself.',
  answers: { 204: { description: 'It is revoked.' } },
  problems: [noSuchKey(), ...storeProblems()],
  handle: async (request, response) => {
    await apiKeys.revoke(String(request.params['apiKeyId']), authorOf(response), isOf(callerOf(response)));
    response.status(204).end();
  },
});
