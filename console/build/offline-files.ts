import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

/** The script that a browser keeps the console by; it stands at the root, for it may answer for no path above its own. */
export const SERVICE_WORKER = 'service-worker.js';

/**
 * Tells the service worker which files there are, the page first, and a version that is another one as soon as any of
 * them, or the worker itself, is.
 */
export function offlineFiles(): Plugin {
  let publicDir = '';
  return {
    name: 'offline-files',
    configResolved: (config) => void (publicDir = config.publicDir),
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[SERVICE_WORKER];
        if (worker?.type !== 'chunk' || worker.imports.length + worker.dynamicImports.length > 0) {
          throw new Error(`expected ${SERVICE_WORKER} to be built as one script of its own`);
        }
        const built = Object.values(bundle)
          .filter((file) => file !== worker)
          .map((file) => ({ path: `/${file.fileName}`, content: file.type === 'chunk' ? file.code : file.source }));
        const files = [...built, ...filesIn(publicDir)].sort((one, other) => rank(one.path) - rank(other.path) || (one.path < other.path ? -1 : 1));
        const hash = createHash('sha256').update(worker.code);
        for (const { path, content } of files) hash.update(`\0${path}\0`).update(content);
        const told = { version: hash.digest('base64url').slice(0, 16), files: files.map(({ path }) => path) };
        worker.code = `const BUILT=${JSON.stringify(told)};\n${worker.code}`;
      },
    },
  };
}

const rank = (path: string): number => (path === '/index.html' ? 0 : 1);

function filesIn(folder: string): { path: string; content: Uint8Array }[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => {
    const file = join(parentPath, name);
    return { path: `/${relative(folder, file).split(sep).join('/')}`, content: readFileSync(file) };
  });
}
