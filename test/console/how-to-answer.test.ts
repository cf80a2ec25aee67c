import fc from 'fast-check';
import { expect, test } from 'vitest';
import { howToAnswer } from '../../console/service-worker/how-to-answer.ts';

const ORIGIN = 'https://feeders.farm.example';
const FILES = ['/index.html', '/assets/index-Bx_3a-1Z.js', '/manifest.webmanifest', '/icons/icon.svg'];

const ask = (path: string, asked: Partial<Parameters<typeof howToAnswer>[0]> = {}) =>
  howToAnswer({ method: 'GET', url: new URL(path, ORIGIN).href, mode: 'cors', hasAuthorization: false, ...asked }, ORIGIN, FILES);

test('the page is asked for first, whatever an issuer sent along with it', () => {
  for (const path of ['/', '/index.html', '/?code=abc&state=def']) expect(ask(path, { mode: 'navigate' })).toBe('network-else-kept');
});

test('files of this build, and built files of another, come from what is kept', () => {
  for (const path of [...FILES.slice(1), '/assets/es-00000000.js']) expect(ask(path)).toBe('kept-else-network');
});

test.each([
  ['another page', ask('/docs/', { mode: 'navigate' })],
  ['a file opened as a page', ask('/assets/index-Bx_3a-1Z.js', { mode: 'navigate' })],
  ['the page asked for by a script', ask('/')],
  ['a file that is not of the console', ask('/robots.txt')],
  ['another origin', ask('https://elsewhere.example/assets/index-Bx_3a-1Z.js')],
  ['what is sent', ask('/assets/index-Bx_3a-1Z.js', { method: 'POST' })],
])('%s is left to the network', (_what, source) => {
  expect(source).toBe('network');
});

test('nothing of the API, and nothing that is asked in somebody’s name, is ever kept', () => {
  const path = fc.constantFrom('/', ...FILES, '/assets/x.js', '/api/v1/feeders', '/mqtt', '/openapi.json', '/docs', '/metrics');
  fc.assert(fc.property(path, fc.string().map(encodeURIComponent), fc.constantFrom('cors', 'navigate', 'no-cors'), (each, query, mode) => {
    expect(ask(`${each}?${query}`, { mode, hasAuthorization: true })).toBe('network');
    if (/^\/(api|mqtt|openapi|docs|metrics)/.test(each)) expect(ask(`${each}?${query}`, { mode })).toBe('network');
  }));
});
