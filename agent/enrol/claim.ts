import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { z } from 'zod';
import { FeederId, Instant } from '../../topics/identifiers.ts';
import { connectionProblem, trusting } from '../bridge-trust.ts';

/** What came of a claim: a token; or none, with what is known of the code. */
export type Claimed =
  | { kind: 'token'; feederId: string; token: string; previousTokenUntil: string | null }
  | { kind: 'refused' | 'unsent' | 'unknown'; why: string };

const ANSWER_WITHIN_MS = 20_000;
const MAX_ANSWER_BYTES = 64 * 1024;

const NewToken = z.object({ feederId: FeederId, token: z.string().regex(/^[\x21-\x7e]{20,}$/), previousTokenUntil: Instant.nullable() });
const Problem = z.object({ title: z.string(), detail: z.string() });

/** Asks the bridge for a token; `feederIds` are those that the agent serves. Never rejects, follows no redirect, and sends nothing to whom `ca` does not vouch for. */
export async function claim(url: string, ca: string | undefined, code: string, feederIds: readonly string[]): Promise<Claimed> {
  const body = JSON.stringify({ code, feederIds });
  const options = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    agent: false as const,
  };
  const isSecure = url.startsWith('https:');
  const request = isSecure ? requestHttps(url, { ...options, ...trusting(ca) }) : requestHttp(url, options);
  return new Promise((resolve) => {
    let kind: 'unsent' | 'unknown' = 'unsent';
    const fail = (error: unknown): void => resolve({ kind, why: connectionProblem(error) });
    request.once('socket', (socket) => socket.once(isSecure ? 'secureConnect' : 'connect', () => (kind = 'unknown')));
    request.on('error', fail);
    request.once('response', (answer) => {
      readUpTo(MAX_ANSWER_BYTES, answer).then((text) => resolve(readAnswer(answer, text)), fail);
    });
    request.end(body);
  });
}

async function readUpTo(maxBytes: number, answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    if (!Buffer.isBuffer(chunk) || (bytes += chunk.length) > maxBytes) throw new Error('its answer was too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function readAnswer({ statusCode = 0, headers }: IncomingMessage, body: string): Claimed {
  const token = statusCode === 201 ? NewToken.safeParse(jsonIn(body)) : undefined;
  if (token?.success) return { kind: 'token', ...token.data };
  const problem = Problem.safeParse(jsonIn(body));
  const told = problem.success ? `${problem.data.title}. ${problem.data.detail}` : 'it does not look like a bridge';
  const elsewhere = headers.location === undefined ? '' : ` It points to ${headers.location}; if that is the bridge, name it by --bridge.`;
  const later = headers['retry-after'] === undefined ? '' : ` Try again in ${headers['retry-after']} s.`;
  const why = `it was answered ${statusCode}: ${told}${elsewhere}${later}`;
  return { kind: statusCode >= 200 && statusCode < 300 || statusCode >= 500 ? 'unknown' : 'refused', why };
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
