import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { answerCsv, everyRow } from '../src/http/csv.ts';
import { eventually } from './support/bridge.ts';
import { parseCsv } from './support/csv.ts';

type Row = { text: string | null; number: number };

/** Serves rows as CSV, and tells how many were read, whether their reading is over, and with what the route failed. */
async function serveRows(rows: AsyncIterable<Row>) {
  const seen = { read: 0, over: false, failed: undefined as unknown };
  async function* counted(): AsyncGenerator<Row, void> {
    try {
      for await (const row of rows) {
        seen.read += 1;
        yield row;
      }
    } finally {
      seen.over = true;
    }
  }
  const app = express();
  app.get('/', async (request, response) => {
    await answerCsv(request, response, ['text', 'number'], counted(), (row) => row).catch((error: unknown) => {
      seen.failed = error;
      if (!response.headersSent) response.status(503).end();
    });
  });
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { seen, url: `http://127.0.0.1:${port}/` };
}

async function opened(url: string): Promise<IncomingMessage> {
  const request = get(url, { agent: false });
  request.on('error', () => undefined);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  answer.on('error', () => undefined);
  return answer;
}

async function* endless(): AsyncGenerator<Row, void> {
  for (let number = 0; ; number++) {
    if (number % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    yield { text: 'x'.repeat(1_000), number };
  }
}

test('what it writes is read back as it was, and no text is a formula', async () => {
  const texts = ['plain', 'a,b', 'say "no"', 'two\r\nlines', '=1+1', '+1', '-1', '@SUM(A1)', '', ' =1', null];
  async function* rows(): AsyncGenerator<Row, void> {
    for (const text of texts) yield await Promise.resolve({ text, number: -1.5 });
  }
  const { url } = await serveRows(rows());
  const [names, ...found] = parseCsv(await (await fetch(url)).text());
  expect(names).toEqual(['text', 'number']);
  expect(found.map(([text]) => text)).toEqual(['plain', 'a,b', 'say "no"', 'two\r\nlines', "'=1+1", "'+1", "'-1", "'@SUM(A1)", '', ' =1', '']);
  expect(new Set(found.map(([, number]) => number))).toEqual(new Set(['-1.5']));
});

test('whoever reads slowly has little waiting, and whoever goes away ends the reading', async () => {
  const { seen, url } = await serveRows(endless());
  const answer = await opened(url);
  answer.pause();
  // Until the buffers on the way are full.
  let before = -1;
  await eventually(async () => {
    const stood = seen.read === before && seen.read > 0;
    before = seen.read;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return stood ? true : undefined;
  });
  expect(seen.read).toBeLessThan(20_000);
  expect(seen.over).toBe(false);
  answer.destroy();
  await eventually(() => (seen.over ? true : undefined));
  expect(seen.failed).toBeUndefined();
});

test('what fails before the first row can still be answered, and what fails later cuts the answer off', async () => {
  const failing = async function* (after: number): AsyncGenerator<Row, void> {
    for (let number = 0; number < after; number++) yield { text: 'x', number };
    await Promise.reject(new Error('gone'));
  };
  const atOnce = await serveRows(failing(0));
  expect((await fetch(atOnce.url)).status).toBe(503);
  const later = await serveRows(failing(500));
  await expect(fetch(later.url).then((answer) => answer.text())).rejects.toThrow();
  await eventually(() => (later.seen.failed === undefined ? undefined : true));
  expect(later.seen.over).toBe(true);
});

test('who asks for the head alone makes nobody read all rows', async () => {
  const { seen, url } = await serveRows(endless());
  const answer = await fetch(url, { method: 'HEAD' });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  expect(seen).toEqual({ read: 1, over: true, failed: undefined });
});

test('every row of a list comes once, also of one that ends with a page', async () => {
  for (const length of [0, 1, 1_000, 1_001, 2_000, 3_500]) {
    const rows = Array.from({ length }, (_, index) => index);
    const read = everyRow<number>((limit, after) => Promise.resolve(rows.slice(after === undefined ? 0 : after + 1).slice(0, limit)));
    const found: number[] = [];
    for await (const row of read) found.push(row);
    expect(found).toEqual(rows);
  }
});
