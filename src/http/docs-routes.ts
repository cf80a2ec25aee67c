import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RequestHandler, Router } from 'express';
import { route } from './serve-operations.ts';

const OURS = fileURLToPath(new URL('./docs', import.meta.url));
const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** Everything that the page at /docs consists of, besides the document itself. */
const FILES = {
  '/docs': join(OURS, 'index.html'),
  '/docs/start.js': join(OURS, 'start.js'),
  '/docs/swagger-ui-bundle.js': join(SWAGGER_UI, 'swagger-ui-bundle.js'),
  '/docs/swagger-ui.css': join(SWAGGER_UI, 'swagger-ui.css'),
  '/docs/favicon-32x32.png': join(SWAGGER_UI, 'favicon-32x32.png'),
};

/** The page may load and ask what is on this bridge, and nothing else; pictures in the style sheet are data. */
const ONLY_FROM_HERE = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `GET /openapi.json` */
export function openApi(document: object): RequestHandler {
  const text = JSON.stringify(document);
  return (_request, response) => {
    response.type('application/json').send(text);
  };
}

/** `GET /docs`: the document as a page, with all that it loads. */
export function serveDocs(router: Router): void {
  for (const [path, file] of Object.entries(FILES)) {
    const send: RequestHandler = (_request, response, next) => {
      response.set({ 'Content-Security-Policy': ONLY_FROM_HERE, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
      response.sendFile(file, { cacheControl: false, dotfiles: 'allow' }, (error: unknown) => {
        if (error !== undefined) next(error);
      });
    };
    route(router, path, { get: [send] });
  }
}
