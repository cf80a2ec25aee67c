import { z } from 'zod';
import { FeederId, Instant, SiteId, toInstant } from '../../topics/identifiers.ts';
import { siteList } from '../access/caller.ts';
import type { BridgeClock } from '../clock.ts';
import { selectAuditEntries, type StoredAuditEntry } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { answerCsv, csvLike, everyRow, wantsCsv } from './csv.ts';
import { bodyLike, type Operation } from './operation.ts';
import { badPage, page, pageIn, PageQuery } from './paging.ts';
import { storeProblems } from './problem-answers.ts';
import { callerOf } from './request-context.ts';
import { parseQuery } from './request-parameters.ts';
import { answered, pageOf } from './shapes.ts';
import { CursorMs, SpanCursor, spanOfPage, spanQuery } from './time-span.ts';

export type AuditRouteDeps = { db: Database; clock: BridgeClock };

const DEFAULT_DAYS = 7;
const RESULTS = ['done', 'refused', 'indeterminate'] as const;
const AUTHORS = ['key', 'person', 'feeder', 'site-login', 'server', 'nobody'] as const;

const AuditQuery = PageQuery.extend({
  ...spanQuery(DEFAULT_DAYS).shape,
  feeder: FeederId.optional().meta({ description: 'Only what is about this feeder.' }),
  action: z.string().regex(/^[\w-]{1,64}$/, 'expected the name of an operation').optional().meta({ description: 'Only this action.', example: 'changeConfig' }),
  author: z.string().min(1).max(200).refine((text) => !text.includes('\0'), 'expected the id or name of an author').optional().meta({ description: 'Only what was done or tried by the author with this id or name.' }),
  result: z.enum(RESULTS, `expected one of ${RESULTS.join(', ')}`).optional().meta({ description: 'Only what ended so.' }),
});

/** A cursor belongs to the list it was given for. */
const Filters = AuditQuery.pick({ feeder: true, action: true, author: true, result: true });
const Cursor = SpanCursor.extend({ atMs: CursorMs, auditEntryId: z.uuid(), filters: Filters });

const Anything = z.record(z.string(), z.unknown()).nullable();
const AuditEntryShape = z
  .object({
    auditEntryId: z.uuid(),
    at: Instant,
    author: z.object({
      kind: z.enum(AUTHORS).meta({ description: '`server`: a program on the bridge\'s own machine. `nobody`: without a valid proof of being somebody.' }),
      id: z.string().nullable(),
      name: z.string().nullable(),
      address: z.string().nullable().meta({ description: 'The IP address that it came from.' }),
      requestId: z.string().nullable().meta({ description: 'The `X-Request-Id` of the request.' }),
    }),
    action: z.string().meta({ description: 'The operation, by its name in this document, or what was tried over MQTT.' }),
    site: SiteId.nullable().meta({ description: 'The one site that it was about. Null: several, none, or one that nobody knows.' }),
    sites: z.array(SiteId).nullable().meta({ description: 'All that it was about; those who have all of these see it. Null: those of all sites do.' }),
    feederId: FeederId.nullable(),
    target: z.string().nullable().meta({ description: 'The id of what else it was about: a command, a key, a webhook.' }),
    result: z.enum(RESULTS).meta({ description: '`indeterminate`: a command that may have acted once, and never will again.' }),
    code: z.string().nullable().meta({ description: 'Why it was not done: the code of a problem.' }),
    times: z.int().min(1).meta({ description: 'How often, where the same was refused again and again.' }),
    asked: Anything.meta({ description: 'What a command asked for.' }),
    before: Anything.meta({ description: 'What held before; of a command what was read from the PLC.' }),
    after: Anything.meta({ description: 'What held then; of a command what was read back.' }),
  })
  .register(answered, { id: 'AuditEntry', description: 'Who changed something, or tried to: when, from where, and what it was before and after.' });

const AuditPage = pageOf(AuditEntryShape, 'AuditPage');

const EXAMPLE: z.output<typeof AuditEntryShape> = {
  auditEntryId: '0c7f4f1e-2d3b-4a55-8a3e-9b1c2d3e4f50',
  at: '2026-01-31T08:00:00.420Z',
  author: {
    kind: 'key',
    id: '6f1c9a52-7f0e-4d6c-9d55-4c1f7f3f0c11',
    name: 'farm-office',
    address: '203.0.113.7',
    requestId: '5a0c51c5-9d0e-4f3c-8d4f-0b0c1f6a7e21',
  },
  action: 'changeConfig',
  site: 'north-farm',
  sites: ['north-farm'],
  feederId: 'pond-1',
  target: '9a4b6c1e-0d7f-4a43-9a0e-5b8c0d1e2f33',
  result: 'done',
  code: null,
  times: 1,
  asked: { kind: 'set-config', mealGrams: 120 },
  before: { mealGrams: 90 },
  after: { mealGrams: 120 },
};

const COLUMNS = [
  'at', 'authorKind', 'authorId', 'authorName', 'address', 'requestId', 'action', 'sites', 'feederId', 'target', 'result', 'code', 'times',
  'asked', 'before', 'after',
] as const;
const CSV_EXAMPLE = `${COLUMNS.join()}\r\n${EXAMPLE.at},key,,farm-office,203.0.113.7,,changeConfig,north-farm,pond-1,,done,,1,,,\r\n`;

/** `GET /audit` */
export const listAudit = ({ db, clock }: AuditRouteDeps): Operation => ({
  operationId: 'listAudit',
  role: 'admin',
  atOnce: 'reads',
  tag: 'Audit',
  summary: 'See who changed what, and who tried to',
  description: [
    'Newest first: every change that was made, and every attempt that was refused. A command is told with its outcome. The same',
    'attempt again and again within 10 s is one entry more, which says how often. An admin of some sites sees what is about these',
    'and no others. As CSV all entries of the span in one answer.',
  ].join(' '),
  query: AuditQuery,
  answers: { 200: { description: 'A page of entries.', body: bodyLike(AuditPage, { items: [EXAMPLE] }), csv: csvLike(CSV_EXAMPLE) } },
  problems: [badPage(), ...storeProblems()],
  handle: async (request, response) => {
    const asCsv = wantsCsv(request, response);
    const { from, to, limit: most, cursor, ...filters } = parseQuery(AuditQuery, request);
    const { limit, after } = pageIn({ limit: most, cursor }, Cursor);
    if (after && !isSame(after.filters, filters)) throw badPage();
    const span = spanOfPage({ from, to }, DEFAULT_DAYS, clock.now(), after);
    const { feeder: feederId, action, author, result } = filters;
    const filter = { ...span, sites: siteList(callerOf(response).sites), feederId, action, author, result };
    if (asCsv) {
      const entries = everyRow<StoredAuditEntry>((count, last) => selectAuditEntries(db, filter, count, last));
      await answerCsv(request, response, COLUMNS, entries, auditRow);
      return;
    }
    const entries = await selectAuditEntries(db, filter, limit + 1, after);
    const { items, ...rest } = page(entries, limit, ({ atMs, auditEntryId }) => ({ ...span, atMs, auditEntryId, filters }));
    response.json({ items: items.map(auditEntryShape), ...rest });
  },
});

type Asked = z.output<typeof Filters>;

const isSame = (one: Asked, other: Asked): boolean =>
  one.feeder === other.feeder && one.action === other.action && one.author === other.author && one.result === other.result;

/** An entry as REST shows it. */
const auditEntryShape = ({ atMs, ...entry }: StoredAuditEntry) => ({ ...entry, at: toInstant(atMs), site: entry.sites?.length === 1 ? entry.sites[0] : null });

/** The same as one line. */
const auditRow = ({ atMs, author, asked, before, after, ...entry }: StoredAuditEntry) => ({
  at: toInstant(atMs),
  authorKind: author.kind,
  authorId: author.id,
  authorName: author.name,
  address: author.address,
  requestId: author.requestId,
  action: entry.action,
  sites: entry.sites?.join(' ') ?? null,
  feederId: entry.feederId,
  target: entry.target,
  result: entry.result,
  code: entry.code,
  times: entry.times,
  asked: jsonOf(asked),
  before: jsonOf(before),
  after: jsonOf(after),
});

const jsonOf = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));
