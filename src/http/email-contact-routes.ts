import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Instant, toInstant } from '../../topics/identifiers.ts';
import { siteList } from '../access/caller.ts';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { insertAuditEntries } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { deleteEmailContact, insertEmailContact, selectEmailContacts, type EmailContact } from '../store/email-contacts.ts';
import { sitesAskedBy } from './asked-sites.ts';
import { bodyProblems, parseBody } from './json-body.ts';
import { noticeFilters } from './notice-filters.ts';
import { bodyLike, type Operation } from './operation.ts';
import { badPage, page, PageQuery, parsePage } from './paging.ts';
import { storeProblems } from './problem-answers.ts';
import { authorOf, callerOf } from './request-context.ts';
import { answered, pageOf } from './shapes.ts';
import { taken } from './taken-bodies.ts';
import { CursorMs } from './time-span.ts';

export type EmailContactRouteDeps = {
  db: Database;
  clock: BridgeClock;
  /** Whether the bridge was told of a mail server. */
  sendsEmail: boolean;
};

const MAX_ADDRESSES = 20;
const DEFAULT_MINUTES = 15;
const MAX_MINUTES = 1440;

const EmailContactBody = z
  .strictObject({
    addresses: z
      .array(z.email('expected an e-mail address such as kari@farm.example').max(254))
      .min(1, 'expected at least one address')
      .max(MAX_ADDRESSES)
      .meta({ description: 'Who hears first, and who next where nobody acknowledges the alarm.' }),
    escalateAfterMinutes: z
      .int()
      .min(1)
      .max(MAX_MINUTES)
      .default(DEFAULT_MINUTES)
      .meta({ description: 'How long an address has, before the next one hears.' }),
    ...noticeFilters,
  })
  .register(taken, { id: 'EmailContactRequest', description: 'Who hears of which alarms.' });

const EmailContactShape = z
  .object({
    emailContactId: z.uuid(),
    addresses: z.array(z.string()),
    escalateAfterMinutes: z.int(),
    sites: z.array(z.string()).nullable(),
    severities: z.array(z.string()).nullable(),
    createdBy: z.string(),
    createdAt: Instant,
  })
  .register(answered, { id: 'EmailContact', description: 'Who hears of alarms by e-mail.' });

const EmailContactPage = pageOf(EmailContactShape, 'EmailContactPage');

const EXAMPLE: z.output<typeof EmailContactShape> = {
  emailContactId: 'c1b7a2de-0b4f-4b52-8f3d-5a0f6e2d9c33',
  addresses: ['kari@farm.example', 'on-duty@farm.example'],
  escalateAfterMinutes: DEFAULT_MINUTES,
  sites: ['north-farm'],
  severities: null,
  createdBy: 'admin',
  createdAt: '2026-01-31T08:00:00.000Z',
};

/** A contact as REST shows it. */
const emailContactShape = ({ createdAtMs, ...contact }: EmailContact): z.output<typeof EmailContactShape> => ({
  ...contact,
  createdAt: toInstant(createdAtMs),
});

/** What the audit says of it. */
const about = ({ emailContactId, sites }: EmailContact) => ({ target: emailContactId, sites });
const told = ({ addresses, escalateAfterMinutes, sites, severities }: EmailContact): object => ({ addresses, escalateAfterMinutes, sites, severities });

const noSuchContact = (): Problem => new Problem('not-found', 'There is no e-mail contact with this id.');
const notSetUp = (): Problem => new Problem('email-not-set-up', 'Nobody would hear. Start the bridge with SMTP_URL and SMTP_FROM first.');

const Cursor = z.object({ createdAtMs: CursorMs, emailContactId: z.uuid() });

/** `GET /email-contacts` */
export const listEmailContacts = ({ db }: EmailContactRouteDeps): Operation => ({
  operationId: 'listEmailContacts',
  role: 'admin',
  tag: 'Notices',
  summary: 'List the e-mail contacts',
  description: 'Newest first.',
  query: PageQuery,
  answers: { 200: { description: 'One page of contacts.', body: bodyLike(EmailContactPage, { items: [EXAMPLE] }) } },
  problems: [badPage(), ...storeProblems()],
  handle: async (request, response) => {
    const { limit, after } = parsePage(request, Cursor);
    const contacts = await selectEmailContacts(db, siteList(callerOf(response).sites), limit + 1, after);
    const { items, ...rest } = page(contacts, limit, ({ createdAtMs, emailContactId }) => ({ createdAtMs, emailContactId }));
    response.json({ items: items.map(emailContactShape), ...rest });
  },
});

/** `POST /email-contacts` */
export const makeEmailContact = ({ db, clock, sendsEmail }: EmailContactRouteDeps): Operation => ({
  operationId: 'makeEmailContact',
  role: 'admin',
  tag: 'Notices',
  summary: 'Make an e-mail contact',
  description: [
    'From now on its first address hears of an alarm when it is raised. While the alarm is open and nobody acknowledges it, the',
    'next address hears after so many minutes, and so on. Who heard is told when it is over. An alarm that is over or',
    'acknowledged before anybody could be told is told to nobody.',
  ].join(' '),
  body: {
    ...bodyLike(EmailContactBody, {
      addresses: EXAMPLE.addresses,
      escalateAfterMinutes: EXAMPLE.escalateAfterMinutes,
      sites: EXAMPLE.sites,
      severities: null,
    }),
    contentTypes: ['application/json'],
  },
  answers: { 201: { description: 'The contact.', body: bodyLike(EmailContactShape, EXAMPLE) } },
  problems: [...bodyProblems(['application/json']), notSetUp(), ...storeProblems()],
  handle: async (request, response) => {
    const asked = parseBody(EmailContactBody, request.body);
    const sites = sitesAskedBy(callerOf(response), asked.sites);
    if (!sendsEmail) throw notSetUp();
    const contact = { ...asked, sites, emailContactId: randomUUID(), createdBy: callerOf(response).name, createdAtMs: clock.now() };
    await db.transaction(async (tx) => {
      await insertEmailContact(tx, contact);
      await insertAuditEntries(tx, [
        { atMs: contact.createdAtMs, author: authorOf(response), action: 'makeEmailContact', ...about(contact), result: { kind: 'done', before: null, after: told(contact) } },
      ]);
    });
    response.status(201).json(emailContactShape(contact));
  },
});

/** `DELETE /email-contacts/{emailContactId}` */
export const removeEmailContact = ({ db, clock }: EmailContactRouteDeps): Operation => ({
  operationId: 'removeEmailContact',
  role: 'admin',
  tag: 'Notices',
  summary: 'Remove an e-mail contact',
  description: 'It hears of nothing any more, not even that an alarm it heard of is over.',
  answers: { 204: { description: 'It is removed.' } },
  problems: [noSuchContact(), ...storeProblems()],
  handle: async (request, response) => {
    const emailContactId = z.uuid().safeParse(request.params['emailContactId']);
    if (!emailContactId.success) throw noSuchContact();
    await db.transaction(async (tx) => {
      const contact = await deleteEmailContact(tx, emailContactId.data, siteList(callerOf(response).sites));
      if (contact === undefined) throw noSuchContact();
      await insertAuditEntries(tx, [
        { atMs: clock.now(), author: authorOf(response), action: 'removeEmailContact', ...about(contact), result: { kind: 'done', before: told(contact), after: null } },
      ]);
    });
    response.status(204).end();
  },
});
