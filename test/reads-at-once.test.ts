import { once } from 'node:events';
import { createServer } from 'node:http';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { expect, onTestFinished, test } from 'vitest';
import type { Caller } from '../src/access/caller.ts';
import { Problem } from '../src/errors.ts';
import { atOnce } from '../src/http/at-once.ts';
import { remember } from '../src/http/request-context.ts';
import { eventually } from './support/bridge.ts';

const known =
  (callerId: string): RequestHandler =>
  (_request, response, next) => {
    const caller: Caller = { kind: 'key', callerId, name: callerId, role: 'viewer', sites: 'all', expiresAtMs: null };
    remember(response, { caller });
    next();
  };
const told: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof Problem) response.status(error.status).end();
  else next(error);
};

test('a caller has eight reads under way, two hundred wait for their turn, more are refused, and others pass', async () => {
  const underWay: (() => void)[] = [];
  const read = atOnce()('reads', async (_request, response) => {
    await new Promise<void>((resolve) => underWay.push(resolve));
    response.end();
  });
  const app = express();
  for (const callerId of ['greedy', 'other']) app.get(`/${callerId}`, known(callerId), read);
  app.use(told);
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const status = async (path: string, signal?: AbortSignal): Promise<number> => (await fetch(`${url}/${path}`, signal ? { signal } : {})).status;

  const goneAway = new AbortController();
  const impatient = Array.from({ length: 8 }, () => status('greedy', goneAway.signal).catch(() => 0));
  await eventually(() => (underWay.length === 8 ? true : undefined));
  const flood = Array.from({ length: 300 }, () => status('greedy'));
  let answered = 0;
  for (const each of flood) void each.then(() => (answered += 1));
  await eventually(() => (answered === 100 ? true : undefined));
  expect(underWay).toHaveLength(8);
  const other = status('other');
  await eventually(() => (underWay.length === 9 ? true : undefined));
  underWay[8]?.();
  expect(await other).toBe(200);

  // A place is free when the work is over, not when its caller has gone.
  goneAway.abort();
  await Promise.all(impatient);
  expect(underWay).toHaveLength(9);
  const letting = setInterval(() => underWay.forEach((end) => end()), 5);
  onTestFinished(() => clearInterval(letting));
  const statuses = await Promise.all(flood);
  expect(statuses.filter((each) => each === 200)).toHaveLength(200);
  expect(statuses.filter((each) => each === 429)).toHaveLength(100);
});
