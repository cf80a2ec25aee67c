import { afterAll, expect, test } from 'vitest';
import { openTestBridge } from './support/bridge.ts';

const bridge = await openTestBridge();
afterAll(() => bridge.dispose());

const get = (path: string): Promise<Response> => fetch(bridge.url + path);

test('all that the page loads comes from the bridge, and it may load nothing else', async () => {
  const page = await get('/docs');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = page.headers.get('content-security-policy')?.split(';') ?? [];
  expect(policy[0]).toBe("default-src 'none'");
  const sources = policy.flatMap((directive) => directive.split(' ').slice(1));
  expect(sources.filter((source) => !["'none'", "'self'", 'data:'].includes(source))).toEqual([]);
  expect(policy.filter((directive) => directive.includes('data:'))).toEqual(["img-src 'self' data:"]);

  const html = await page.text();
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=|https?:/);
  const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
  const types = await Promise.all(
    loaded.map(async (path) => {
      const { status, headers } = await get(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      return [path, status, headers.get('content-type')];
    }),
  );
  expect(types).toEqual([
    ['/docs/favicon-32x32.png', 200, 'image/png'],
    ['/docs/swagger-ui.css', 200, 'text/css; charset=utf-8'],
    ['/docs/swagger-ui-bundle.js', 200, 'text/javascript; charset=utf-8'],
    ['/docs/start.js', 200, 'text/javascript; charset=utf-8'],
  ]);
  const start = await (await get('/docs/start.js')).text();
  expect(start).toContain("url: '/openapi.json'");
  expect(start).toContain('validatorUrl: null');
  const css = await (await get('/docs/swagger-ui.css')).text();
  expect(css).not.toMatch(/@import|url\((?!["']?data:)/);
});

test('nothing else of swagger-ui-dist is served', async () => {
  for (const path of ['package.json', 'swagger-ui-bundle.js.map', 'swagger-ui.css.map', 'index.html', 'swagger-initializer.js', 'oauth2-redirect.html', '%2e%2e/package.json']) {
    expect((await get(`/docs/${path}`)).status, path).toBe(404);
  }
  expect((await fetch(`${bridge.url}/docs`, { method: 'POST' })).headers.get('allow')).toBe('HEAD, GET');
});
