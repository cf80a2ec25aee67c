import { randomUUID } from 'node:crypto';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { z } from 'zod';
import { seedOf } from '../../machine/chance.ts';
import { OpenApi, OpenApiCheck, type Exchange } from '../support/openapi-check.ts';
import { ObedientAgent } from './obedient-agent.ts';
import { requestsOf, type FuzzRequest, type Known } from './requests.ts';

/** A bridge, and a key of an admin of all sites. */
export type RestTarget = { url: string; key: string };

/** Which requests, and how many: until there were `runs`, or the time is `untilMs` on the wall clock. */
export type FuzzLength = { seed: number; runs?: number; untilMs?: number };

/** What was done, by the statuses of the answers. */
export type RestFuzzed = { requests: number; statuses: Record<number, number>; slowestMs: number; heapGrewBytes: number };

const ANSWERED_WITHIN_MS = 5_000;
/** After so many requests the feeder's change is tried. */
const BATCH = 100;
/** What no caller may be told. */
const OF_THE_INSIDE = /node_modules|\.ts:\d+|\bat \S+ \(|\b(SELECT|INSERT INTO|UPDATE|DELETE FROM) \w|syntax error at|relation "/;
/** What a feeder that does not answer in time is answered with; no other 5xx may be. */
const NO_FAULT = ['command-unresolved', 'command-expired', 'command-rejected', 'command-indeterminate'];

const Made = z.record(z.string(), z.unknown());
const textIn = (made: z.infer<typeof Made>, name: string): string => z.string().parse(made[name]);
const Problem = z.looseObject({ code: z.string() });

/**
 * Sends requests of every operation of the OpenAPI document, right and wrong ones, by keys of every role, beside the changes
 * of a feeder that is online. Rejects where one is answered with a fault of the bridge, not as documented or late, or where
 * the feeder's changes no longer end well; the error has the seed and the request. Whoever calls it has a bridge to spare.
 */
export async function fuzzRest(target: RestTarget, { seed, runs = Number.MAX_SAFE_INTEGER, untilMs }: FuzzLength): Promise<RestFuzzed> {
  const http = new Agent({ keepAlive: true, maxSockets: 4 });
  const send = (request: FuzzRequest): Promise<Answered> => exchange(target.url, http, request);
  const asAdmin = async (method: string, path: string, body?: unknown): Promise<Answered> =>
    send({
      method,
      path,
      headers: [['Authorization', `Bearer ${target.key}`], ...(body === undefined ? [] : [['Content-Type', 'application/json'] satisfies [string, string]])],
      body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
    });
  const make = async (path: string, body: unknown): Promise<z.infer<typeof Made>> => {
    const { status, text } = await asAdmin('POST', `/api/v1${path}`, body);
    if (status !== 201) throw new Error(`POST ${path}: expected 201, found ${status} ${text}`);
    return Made.parse(JSON.parse(text));
  };

  const [live, asleep] = [`live-${seed}`, `asleep-${seed}`];
  const token = textIn(await make('/feeders', { feederId: live, name: live, site: 'fuzz' }), 'token');
  await make('/feeders', { feederId: asleep, name: asleep, site: 'elsewhere' });
  const keys = await Promise.all(
    (['viewer', 'operator', 'admin'] as const).flatMap((role) =>
      [null, ['fuzz']].map(async (sites) => textIn(await make('/keys', { name: `${role} ${randomUUID()}`, role, ...(sites && { sites }) }), 'key')),
    ),
  );
  const ids = {
    siteLoginId: [textIn(await make('/site-logins', { site: 'fuzz', name: 'fuzz' }), 'siteLoginId')],
    webhookId: [textIn(await make('/webhooks', { url: 'https://farm.example/alarms' }), 'webhookId')],
    apiKeyId: [textIn(await make('/keys', { name: randomUUID(), role: 'viewer' }), 'apiKeyId')],
  };
  const agent = await ObedientAgent.connect(target.url, live, token);
  const proven = async (): Promise<string> => {
    const { status, text } = await asAdmin('PATCH', `/api/v1/feeders/${live}/config`, { mealGrams: 100 });
    if (status !== 200) throw new Error(`the feeder's change was answered ${status} ${text}`);
    return textIn(Made.parse(JSON.parse(text)), 'commandId');
  };
  const done: RestFuzzed = { requests: 0, statuses: {}, slowestMs: 0, heapGrewBytes: 0 };
  const heapBytes = async (): Promise<number> => Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec((await asAdmin('GET', '/metrics')).text)?.[1]);
  try {
    await agent.isKnown(async () => (await asAdmin('GET', `/api/v1/feeders/${live}`)).text);
    const document: unknown = JSON.parse((await asAdmin('GET', '/openapi.json')).text);
    const check = new OpenApiCheck(document);
    const { schemas } = OpenApi.parse(document).components;
    const commandId = [await proven()];
    const known: Known = {
      keys: [target.key, ...keys],
      ids: { ...ids, commandId, feederId: [live, asleep] },
      removableIds: { ...ids, feederId: [asleep] },
    };
    // What takes a body has more to go wrong.
    const requests = fc.oneof(...check.operations.map((operation) => ({ weight: operation.requestBody ? 3 : 1, arbitrary: requestsOf(operation, schemas, known) })));
    const heapBefore = await heapBytes();
    /** Whoever may remove a feeder, or give it another token, does: not the one whose changes are to go on working. */
    const endsIt = new RegExp(`^(DELETE \\S*/feeders/${live}|POST \\S*/feeders/${live}/token)(\\?|$)`, 'i');
    const property = fc.asyncProperty(requests, async (request) => {
      fc.pre(!endsIt.test(`${request.method} ${decodedPath(request.path)}`));
      const answered = await send(request);
      done.requests += 1;
      done.statuses[answered.status] = (done.statuses[answered.status] ?? 0) + 1;
      done.slowestMs = Math.max(done.slowestMs, answered.tookMs);
      judge(request, answered, check);
    });
    for (let batch = 0; done.requests < runs && (untilMs === undefined || Date.now() < untilMs); batch += 1) {
      await fc.assert(property, { seed: seedOf(seed, batch), numRuns: Math.min(BATCH, runs - done.requests) });
      await proven();
    }
    done.heapGrewBytes = (await heapBytes()) - heapBefore;
    return done;
  } finally {
    await agent.end();
    http.destroy();
  }
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

type Answered = { status: number; headers: Headers; text: string; tookMs: number };

/** Throws where an answer tells of a fault. */
function judge(request: FuzzRequest, { status, headers, text, tookMs }: Answered, check: OpenApiCheck): void {
  if (tookMs > ANSWERED_WITHIN_MS) throw new Error(`answered ${status} only after ${Math.round(tookMs)} ms`);
  if (OF_THE_INSIDE.test(text)) throw new Error(`answered ${status} with what is inside: ${text}`);
  if (status >= 500 && !NO_FAULT.includes(Problem.safeParse(safeJson(text)).data?.code ?? '')) throw new Error(`answered ${status}: ${text}`);
  // The rest belongs to HTTP, and to no operation.
  if (request.method === 'OPTIONS' || !request.path.startsWith('/api/v1/') || status === 431) return;
  check.checkAnswer({ ...exchangeOf(request), status, headers, body: text });
}

const exchangeOf = ({ method, path, headers, body }: FuzzRequest): Omit<Exchange, 'status' | 'headers' | 'body'> => ({
  method,
  path: path.slice('/api/v1'.length),
  requestHeaders: new Headers(headers.filter(([name]) => name === 'Accept')),
  requestBody: body?.toString(),
});

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends it as it is; of a stream of events only the beginning is waited for. */
function exchange(url: string, agent: Agent, { method, path, headers, body }: FuzzRequest): Promise<Answered> {
  const sentAtMs = performance.now();
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const lines = [...headers, ['Host', `${hostname}:${port}`], ...(body === undefined ? [] : [['Content-Length', String(body.length)]])].flat();
    const request = httpRequest({ agent, hostname, port, method, path, headers: lines, timeout: ANSWERED_WITHIN_MS }, (answer) => {
      textOf(answer).then((text) => {
        resolve({ status: answer.statusCode ?? 0, headers: new Headers(Object.entries(answer.headersDistinct).flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value]))), text, tookMs: performance.now() - sentAtMs });
      }, reject);
    });
    request.once('timeout', () => request.destroy(new Error(`not answered within ${ANSWERED_WITHIN_MS} ms`)));
    request.once('error', reject);
    request.end(body);
  });
}

async function textOf(answer: IncomingMessage): Promise<string> {
  if (answer.headers['content-type']?.startsWith('text/event-stream') === true) {
    answer.destroy();
    return '';
  }
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(Buffer.from(part as Buffer));
  return Buffer.concat(parts).toString();
}
