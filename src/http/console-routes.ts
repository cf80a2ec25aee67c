import { fileURLToPath } from 'node:url';
import type { Request, RequestHandler, Response, Router } from 'express';
import type { Log } from '../../machine/log.ts';
import { ENCODINGS, readConsole, type ConsoleFile } from './console-files.ts';
import { methodNotAllowed } from './problem-answers.ts';
import { protectPage } from './protective-headers.ts';
import { route } from './serve-operations.ts';

/** Where `npm run build` puts the console. */
export const BUILT_CONSOLE = fileURLToPath(new URL('../../console/dist', import.meta.url));

const FOREVER = 'public, max-age=31536000, immutable';
const READ = ['GET', 'HEAD'];

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Feederbridge</title>
<h1>The console is not built</h1>
<p>Run <code>npm run build</code>, then start the bridge again. The REST API works: <a href="/docs">how to use it</a>.</p>
</html>
`;

/**
 * Serves the console from memory: the files that are in this folder now, each at its own path, and the index at `/` too. No
 * path of a request ever touches the disk. Where the folder holds no console, `/` says what to do and the log warns.
 */
export function serveConsole(router: Router, folder: string, log: Pick<Log, 'warn'>): void {
  try {
    router.use(serveFiles(readConsole(folder)));
  } catch (error) {
    log.warn({ err: error }, 'the console is not built: run npm run build, then start the bridge again');
    const sayNotBuilt: RequestHandler = (_request, response) => void response.status(503).type('html').send(NOT_BUILT);
    route(router, '/', { get: [protectPage(), sayNotBuilt] });
  }
}

function serveFiles(files: ReadonlyMap<string, ConsoleFile>): RequestHandler {
  const protectedPage = protectPage();
  const refuseMethod = methodNotAllowed(['HEAD', 'GET']);
  return (request, response, next) => {
    const file = files.get(request.path);
    if (file === undefined) {
      next();
      return;
    }
    if (!READ.includes(request.method)) {
      refuseMethod(request, response, next);
      return;
    }
    protectedPage(request, response, (error) => {
      if (error === undefined) send(file, request, response).catch(next);
      else next(error);
    });
  };
}

/** Answers with the file, or with 304 where the client has it. */
async function send(file: ConsoleFile, request: Request, response: Response): Promise<void> {
  if (file.isImmutable) response.set('Cache-Control', FOREVER);
  response.vary('Accept-Encoding').set('ETag', file.etag).type(file.extension);
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  // One at a time: asked for all, it would go by the order in which the client names them.
  for (const encoding of ENCODINGS.filter((each) => request.acceptsEncodings(each) === each)) {
    const compressed = await file.compressed(encoding);
    if (compressed === undefined) continue;
    response.set('Content-Encoding', encoding).send(compressed);
    return;
  }
  response.send(file.bytes);
}
