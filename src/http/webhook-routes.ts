import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { FeederId, Instant, toInstant } from '../../topics/identifiers.ts';
import { ParameterName } from '../../topics/parameters.ts';
import { siteList } from '../access/caller.ts';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { isPublicAddress, literalAddress } from '../notices/public-address.ts';
import { newSigningSecret } from '../notices/signature.ts';
import { insertAuditEntries } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { selectDeliveries, type Delivery } from '../store/notices.ts';
import { deleteWebhook, hasWebhook, insertWebhook, selectWebhooks, type Webhook } from '../store/webhooks.ts';
import { sitesAskedBy } from './asked-sites.ts';
import { bodyProblems, parseBody } from './json-body.ts';
import { noticeFilters, someOf } from './notice-filters.ts';
import { bodyLike, type Operation } from './operation.ts';
import { badPage, page, PageQuery, parsePage } from './paging.ts';
import { storeProblems } from './problem-answers.ts';
import { authorOf, callerOf } from './request-context.ts';
import { answered, pageOf } from './shapes.ts';
import { taken } from './taken-bodies.ts';
import { CursorMs } from './time-span.ts';

export type WebhookRouteDeps = {
  db: Database;
  clock: BridgeClock;
  /** Whether webhooks may be on the bridge's machine and its network. */
  allowPrivateWebhooks: boolean;
};

const MAX_URL_LENGTH = 2048;
const EXPECTED_URL = 'expected a URL such as https://farm.example/alarms, without user and password';

function isWebhookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}

const WebhookBody = z
  .strictObject({
    url: z
      .string()
      .max(MAX_URL_LENGTH)
      .refine(isWebhookUrl, EXPECTED_URL)
      .meta({ format: 'uri', description: 'Where notices are posted to. Redirects are not followed.' }),
    ...noticeFilters,
    types: someOf(ParameterName, 'alarms, by name'),
  })
  .register(taken, { id: 'WebhookRequest', description: 'Where to post notices, and of which alarms.' });

/** Whether its host is a name of this machine, whatever the lookup would say (RFC 6761, 6.3). */
const isThisMachine = (text: string): boolean => isWebhookUrl(text) && /(^|\.)localhost\.?$/.test(new URL(text).hostname);

/** The same, asking for no address of this machine or its network where that is not allowed. */
const webhookBody = (allowPrivateWebhooks: boolean) =>
  WebhookBody.extend({
    url: WebhookBody.shape.url.refine((text) => {
      const literal = isWebhookUrl(text) ? literalAddress(new URL(text)) : undefined;
      return allowPrivateWebhooks || (literal === undefined ? !isThisMachine(text) : isPublicAddress(literal));
    }, 'expected a public address'),
  });

const shown = {
  webhookId: z.uuid(),
  url: z.string(),
  sites: z.array(z.string()).nullable(),
  severities: z.array(z.string()).nullable(),
  types: z.array(z.string()).nullable(),
  createdBy: z.string(),
  createdAt: Instant,
};

const WebhookShape = z.object(shown).register(answered, { id: 'Webhook', description: 'Where notices of alarms are posted to.' });

const NewWebhookShape = z.object({ ...shown, secret: z.string() }).register(answered, {
  id: 'NewWebhook',
  description: 'A new webhook, and the secret that signs its notices, which is never shown again.',
});

const DeliveryShape = z
  .object({
    noticeId: z.uuid().meta({ description: 'The `webhook-id` of every attempt.' }),
    event: z.enum(['alarm-raised', 'alarm-cleared']),
    alarmId: z.uuid(),
    alarmName: z.string(),
    feederId: FeederId,
    state: z.enum(['waiting', 'delivered', 'given-up']),
    madeAt: Instant,
    attempts: z.int(),
    lastAttemptAt: Instant.nullable(),
    lastResult: z.string().nullable().meta({ description: 'What became of the last attempt, in words.' }),
    nextAttemptAt: Instant.nullable(),
  })
  .register(answered, { id: 'Delivery', description: 'A notice and what became of it.' });

const WebhookPage = pageOf(WebhookShape, 'WebhookPage');
const DeliveryPage = pageOf(DeliveryShape, 'DeliveryPage');

const EXAMPLE: z.output<typeof WebhookShape> = {
  webhookId: 'a4a1c1f2-52c1-4a83-9a3b-0f5d1a7f7f10',
  url: 'https://farm.example/alarms',
  sites: ['north-farm'],
  severities: ['critical'],
  types: null,
  createdBy: 'admin',
  createdAt: '2026-01-31T08:00:00.000Z',
};

const DELIVERY: z.output<typeof DeliveryShape> = {
  noticeId: '3f1c1f0e-6a51-4a67-8c1d-9d1f5b0c7a42',
  event: 'alarm-raised',
  alarmId: '8d1f0c6e-1f5b-4f0e-9b7a-2c7c4b6a9e11',
  alarmName: 'motorJam',
  feederId: 'pond-1',
  state: 'delivered',
  madeAt: '2026-01-31T08:04:59.960Z',
  attempts: 1,
  lastAttemptAt: '2026-01-31T08:05:00.000Z',
  lastResult: 'answered 204',
  nextAttemptAt: null,
};

/** A webhook as REST shows it. */
const webhookShape = ({ createdAtMs, ...webhook }: Webhook): z.output<typeof WebhookShape> => ({
  ...webhook,
  createdAt: toInstant(createdAtMs),
});

/** A delivery as REST shows it. */
const deliveryShape = (delivery: Delivery): z.output<typeof DeliveryShape> => ({
  noticeId: delivery.noticeId,
  event: `alarm-${delivery.moment}`,
  alarmId: delivery.alarmId,
  alarmName: delivery.alarmName,
  feederId: delivery.feederId,
  state: delivery.state,
  madeAt: toInstant(delivery.madeAtMs),
  attempts: delivery.attempts,
  lastAttemptAt: delivery.lastAttemptAtMs === null ? null : toInstant(delivery.lastAttemptAtMs),
  lastResult: delivery.lastResult,
  nextAttemptAt: delivery.nextAttemptAtMs === null ? null : toInstant(delivery.nextAttemptAtMs),
});

/** What the audit says of it. */
const about = ({ webhookId, sites }: Webhook) => ({ target: webhookId, sites });
/** Without the path, in which some have a secret. */
const told = ({ url, sites, severities, types }: Webhook): object => ({ origin: new URL(url).origin, sites, severities, types });

const noSuchWebhook = (): Problem => new Problem('not-found', 'There is no webhook with this id.');

/** @throws Problem 404 where it cannot be the id of a webhook. */
function parseWebhookId(given: unknown): string {
  const parsed = shown.webhookId.safeParse(given);
  if (!parsed.success) throw noSuchWebhook();
  return parsed.data;
}

const Cursor = z.object({ createdAtMs: CursorMs, webhookId: shown.webhookId });

/** `GET /webhooks` */
export const listWebhooks = ({ db }: WebhookRouteDeps): Operation => ({
  operationId: 'listWebhooks',
  role: 'admin',
  tag: 'Notices',
  summary: 'List the webhooks',
  description: 'Newest first, without their secrets.',
  query: PageQuery,
  answers: { 200: { description: 'One page of webhooks.', body: bodyLike(WebhookPage, { items: [EXAMPLE] }) } },
  problems: [badPage(), ...storeProblems()],
  handle: async (request, response) => {
    const { limit, after } = parsePage(request, Cursor);
    const webhooks = await selectWebhooks(db, siteList(callerOf(response).sites), limit + 1, after);
    const { items, ...rest } = page(webhooks, limit, ({ createdAtMs, webhookId }) => ({ createdAtMs, webhookId }));
    response.json({ items: items.map(webhookShape), ...rest });
  },
});

/** `POST /webhooks` */
export const makeWebhook = ({ db, clock, allowPrivateWebhooks }: WebhookRouteDeps): Operation => ({
  operationId: 'makeWebhook',
  role: 'admin',
  tag: 'Notices',
  summary: 'Make a webhook',
  description: [
    'From now on it is posted a notice when an alarm is raised, and another when that alarm is over:',
    '`{noticeId, event: "alarm-raised"|"alarm-cleared", alarm, feeder: {feederId, name, site}, sentAt}`, with the alarm as it is',
    'then. Notices are signed as https://www.standardwebhooks.com says, with the headers `webhook-id`, `webhook-timestamp` and',
    '`webhook-signature`, by the secret that is told here once. A notice is delivered when it is answered 2xx within 10 s; else it',
    'is posted again, with the same `webhook-id`, after 5 s and then ever longer, up to an hour, for about a day. It may come twice, so',
    'take each `webhook-id` once. An alarm that is over before anybody could be told is told to nobody. Addresses must be public, unless ALLOW_PRIVATE_WEBHOOKS is set.',
  ].join(' '),
  body: {
    ...bodyLike(WebhookBody, { url: EXAMPLE.url, sites: ['north-farm'], severities: ['critical'], types: null }),
    contentTypes: ['application/json'],
  },
  answers: {
    201: {
      description: 'The webhook, with its secret.',
      body: bodyLike(NewWebhookShape, { ...EXAMPLE, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=' }),
    },
  },
  problems: [
    ...bodyProblems(['application/json']),
    new Problem('malformed', `/url: ${EXPECTED_URL}.`, {
      errors: [{ pointer: '/url', code: 'malformed', detail: EXPECTED_URL }],
    }),
    ...storeProblems(),
  ],
  handle: async (request, response) => {
    const asked = parseBody(webhookBody(allowPrivateWebhooks), request.body);
    const sites = sitesAskedBy(callerOf(response), asked.sites);
    const secret = newSigningSecret();
    const webhook = { ...asked, sites, webhookId: randomUUID(), createdBy: callerOf(response).name, createdAtMs: clock.now() };
    await db.transaction(async (tx) => {
      await insertWebhook(tx, webhook, secret);
      await insertAuditEntries(tx, [
        { atMs: webhook.createdAtMs, author: authorOf(response), action: 'makeWebhook', ...about(webhook), result: { kind: 'done', before: null, after: told(webhook) } },
      ]);
    });
    response.status(201).json({ ...webhookShape(webhook), secret });
  },
});

/** `DELETE /webhooks/{webhookId}` */
export const removeWebhook = ({ db, clock }: WebhookRouteDeps): Operation => ({
  operationId: 'removeWebhook',
  role: 'admin',
  tag: 'Notices',
  summary: 'Remove a webhook',
  description: 'With what it was still to be sent, and its deliveries.',
  answers: { 204: { description: 'It is removed.' } },
  problems: [noSuchWebhook(), ...storeProblems()],
  handle: async (request, response) => {
    const webhookId = parseWebhookId(request.params['webhookId']);
    await db.transaction(async (tx) => {
      const webhook = await deleteWebhook(tx, webhookId, siteList(callerOf(response).sites));
      if (webhook === undefined) throw noSuchWebhook();
      await insertAuditEntries(tx, [
        { atMs: clock.now(), author: authorOf(response), action: 'removeWebhook', ...about(webhook), result: { kind: 'done', before: told(webhook), after: null } },
      ]);
    });
    response.status(204).end();
  },
});

const DeliveryCursor = z.object({ madeAtMs: CursorMs, noticeId: z.uuid() });

/** `GET /webhooks/{webhookId}/deliveries` */
export const listDeliveries = ({ db }: WebhookRouteDeps): Operation => ({
  operationId: 'listDeliveries',
  role: 'admin',
  tag: 'Notices',
  summary: "List a webhook's deliveries",
  description: 'What it was sent, or is to be, and what became of it, newest first. They are kept for 30 days, and while the alarm is open.',
  query: PageQuery,
  answers: { 200: { description: 'One page of deliveries.', body: bodyLike(DeliveryPage, { items: [DELIVERY] }) } },
  problems: [badPage(), noSuchWebhook(), ...storeProblems()],
  handle: async (request, response) => {
    const { limit, after } = parsePage(request, DeliveryCursor);
    const webhookId = parseWebhookId(request.params['webhookId']);
    if (!(await hasWebhook(db, webhookId, siteList(callerOf(response).sites)))) throw noSuchWebhook();
    const deliveries = await selectDeliveries(db, webhookId, limit + 1, after);
    const { items, ...rest } = page(deliveries, limit, ({ madeAtMs, noticeId }) => ({ madeAtMs, noticeId }));
    response.json({ items: items.map(deliveryShape), ...rest });
  },
});
