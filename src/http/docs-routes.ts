import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RequestHandler, Router } from 'express';
import { protectPage } from './protective-headers.ts';
import { route } from './serve-operations.ts';

const OURS = fileURLToPath(new URL('./docs', import.meta.url));
const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** Everything that the page at /docs consists of, besides the document itself. */
const FILES = {
  '/docs': join(OURS, 'index.html'),
  '/docs/': join(OURS, 'index.html'),
  '/docs/start.js': join(OURS, 'start.js'),
  '/docs/swagger-ui-bundle.js': join(SWAGGER_UI, 'swagger-ui-bundle.js'),
  '/docs/swagger-ui.css': join(SWAGGER_UI, 'swagger-ui.css'),
  '/docs/favicon-32x32.png': join(SWAGGER_UI, 'favicon-32x32.png'),
};

/** `GET /openapi.json` */
export function openApi(document: object): RequestHandler {
  const text = JSON.stringify(document);
  return (_request, response) => {
    response.type('application/json').send(text);
  };
}

/** `GET /docs`: the document as a page, with all that it loads. */
export function serveDocs(router: Router): void {
  const protectedPage = protectPage();
  for (const [path, file] of Object.entries(FILES)) {
    const send: RequestHandler = (_request, response, next) => {
      response.sendFile(file, { cacheControl: false, dotfiles: 'allow' }, (error: unknown) => {
        if (error !== undefined) next(error);
      });
    };
    route(router, path, { get: [protectedPage, send] });
  }
}
