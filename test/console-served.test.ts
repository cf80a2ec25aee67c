import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveConsole } from '../src/http/console-routes.ts';
import { close, createHttpServer, listen } from '../src/http/http-server.ts';
import { answerProblems, notFound } from '../src/http/problem-answers.ts';
import { protect } from '../src/http/protective-headers.ts';

const INDEX = `<!doctype html><title>Feederbridge</title>${'<p>Every feeder is well.</p>'.repeat(50)}`;
const SCRIPT = `console.log(${JSON.stringify('fish '.repeat(200))});`;
const PICTURE = Buffer.from('89504e470d0a1a0a', 'hex');

type Answer = { status: number; headers: IncomingHttpHeaders; bytes: Buffer };
type Served = { ask(path: string, options?: { method?: string; headers?: Record<string, string> }): Promise<Answer>; warnings: string[]; stop(): Promise<void> };

/** An app that serves the console from this folder and nothing else. */
async function serve(folder: string): Promise<Served> {
  const warnings: string[] = [];
  const faults: unknown[] = [];
  const app = express();
  app.enable('strict routing');
  app.set('etag', false);
  app.use(protect());
  serveConsole(app, folder, { warn: (_about: unknown, message?: string) => void warnings.push(message ?? '') });
  app.use(notFound, answerProblems((error) => void faults.push(error)));
  const server = createHttpServer(app, undefined);
  await listen(server, '127.0.0.1', 0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return {
    warnings,
    // Not fetch: it would put paths and encodings right.
    ask: (path, { method = 'GET', headers = {} } = {}) =>
      new Promise((resolve, reject) => {
        const asked = request({ port: address.port, host: '127.0.0.1', path, method, headers, agent: false }, (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('error', reject);
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes: Buffer.concat(parts) }));
        });
        asked.on('error', reject).end();
      }),
    stop: async () => {
      await close(server, 0);
      expect(faults).toEqual([]);
    },
  };
}

let root: string;
let served: Served;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'feederbridge-console-'));
  const files = {
    'secret.txt': 'not of the console',
    'dist/index.html': INDEX,
    'dist/service-worker.js': SCRIPT,
    'dist/manifest.webmanifest': '{"name":"Feederbridge"}',
    'dist/icons/icon.png': PICTURE,
    'dist/assets/main-Bx_3a-1Z.js': SCRIPT,
    'dist/assets/main-Cy4b2k9Q.css': 'body { margin: 0 }'.repeat(40),
    'dist/assets/never (*).js': SCRIPT,
    'dist/.vite/manifest.json': '{}',
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  await symlink(join(root, 'secret.txt'), join(root, 'dist/linked.txt'));
  served = await serve(join(root, 'dist'));
});
afterAll(async () => {
  await served.stop();
  await rm(root, { recursive: true });
});

test.each([
  ['/', 'text/html; charset=utf-8', 'no-cache'],
  ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
  ['/?from=home', 'text/html; charset=utf-8', 'no-cache'],
  ['/service-worker.js', 'text/javascript; charset=utf-8', 'no-cache'],
  ['/manifest.webmanifest', 'application/manifest+json; charset=utf-8', 'no-cache'],
  ['/icons/icon.png', 'image/png', 'no-cache'],
  ['/assets/main-Bx_3a-1Z.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
  ['/assets/main-Cy4b2k9Q.css', 'text/css; charset=utf-8', 'public, max-age=31536000, immutable'],
])('%s is %s, and is kept as %s', async (path, type, kept) => {
  const { status, headers } = await served.ask(path);
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': type,
    'cache-control': kept,
    'x-content-type-options': 'nosniff',
    vary: 'Accept-Encoding',
  });
  expect(headers['content-security-policy']).toContain("script-src 'self'");
});

test('a file comes as it was when the bridge started', async () => {
  await writeFile(join(root, 'dist/index.html'), 'another one');
  await writeFile(join(root, 'dist/later.js'), SCRIPT);
  expect((await served.ask('/')).bytes.toString()).toBe(INDEX);
  expect((await served.ask('/later.js')).status).toBe(404);
  await writeFile(join(root, 'dist/index.html'), INDEX);
});

describe('a file is sent', () => {
  test.each([
    [undefined, undefined],
    ['identity', undefined],
    ['gzip, deflate, br, zstd', 'br'],
    ['br;q=0.1, gzip', 'br'],
    ['gzip, br;q=0', 'gzip'],
    ['*', 'br'],
    ['zstd', undefined],
    ['nonsense;;q=x', undefined],
  ])('to who takes %s as %s', async (taken, encoding) => {
    const { headers, bytes } = await served.ask('/', { headers: taken === undefined ? {} : { 'Accept-Encoding': taken } });
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers['content-length']).toBe(String(bytes.length));
    const plain = encoding === 'br' ? brotliDecompressSync(bytes) : encoding === 'gzip' ? gunzipSync(bytes) : bytes;
    expect(plain.toString()).toBe(INDEX);
  });

  test('as it is where nothing is saved by compressing it', async () => {
    const { headers, bytes } = await served.ask('/icons/icon.png', { headers: { 'Accept-Encoding': 'br, gzip' } });
    expect(headers['content-encoding']).toBeUndefined();
    expect(bytes).toEqual(PICTURE);
  });
});

test('who has it is not sent it again, and who has another one is', async () => {
  const { headers } = await served.ask('/', { headers: { 'Accept-Encoding': 'br' } });
  const etag = headers.etag ?? '';
  expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
  for (const known of [etag, `"other", ${etag}`]) {
    const again = await served.ask('/', { headers: { 'If-None-Match': known, 'Accept-Encoding': 'gzip' } });
    expect(again.status).toBe(304);
    expect(again.bytes.length).toBe(0);
    expect(again.headers).toMatchObject({ etag, 'cache-control': 'no-cache', vary: 'Accept-Encoding' });
  }
  expect((await served.ask('/', { headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
  expect((await served.ask('/service-worker.js')).headers.etag).not.toBe(etag);
});

test('HEAD tells the same without the content, and other methods are 405', async () => {
  const head = await served.ask('/', { method: 'HEAD' });
  expect([head.status, head.bytes.length, head.headers['content-length']]).toEqual([200, 0, String(INDEX.length)]);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const { status, headers } = await served.ask('/assets/main-Bx_3a-1Z.js', { method });
    expect([status, headers.allow, headers['content-type'], headers['cache-control']]).toEqual([405, 'HEAD, GET', 'application/problem+json; charset=utf-8', 'no-store']);
  }
});

test.each([
  '/assets',
  '/assets/',
  '/INDEX.HTML',
  '/index.html/',
  '//index.html',
  '/./index.html',
  '/assets/../index.html',
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/%00',
  '/index.html%00.js',
  '/linked.txt',
  '/.vite/manifest.json',
  '/assets/gone-00000000.js',
  '/__proto__',
])('%s is 404', async (path) => {
  const { status, headers } = await served.ask(path);
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([404, 'application/problem+json; charset=utf-8', 'no-store']);
});

describe('where it is not built', () => {
  test.each(['nowhere', 'icons'])('a page says what to do, and so does the log (%s)', async (folder) => {
    const unbuilt = await serve(join(root, 'dist', folder));
    const { status, headers, bytes } = await unbuilt.ask('/');
    expect([status, headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(bytes.toString()).toContain('npm run build');
    expect(bytes.toString()).not.toContain(root);
    expect((await unbuilt.ask('/', { method: 'POST' })).status).toBe(405);
    expect((await unbuilt.ask('/index.html')).status).toBe(404);
    expect(unbuilt.warnings).toEqual([expect.stringContaining('npm run build')]);
    await unbuilt.stop();
  });
});

test('there is nothing to warn of where it is', () => {
  expect(served.warnings).toEqual([]);
});
