import { howToAnswer } from './how-to-answer.ts';

declare const self: ServiceWorkerGlobalScope;
/** Every file of this build with the page first, and what they are together; the build puts them in. */
declare const BUILT: { version: string; files: readonly string[] };

/*
 * Keeps the files of the console, so that it opens without the bridge; never an answer of the API. Each build is kept whole
 * under its own name. A new one waits until nobody has the old one open, or until somebody asks for it.
 */

const PREFIX = 'console-';
const KEPT = PREFIX + BUILT.version;
const PAGE = '/index.html';
/** After this long without an answer the page is shown as it is kept. */
const PATIENCE_MS = 3_000;

self.addEventListener('install', (event) => {
  event.waitUntil(keepFiles());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
  // A page asks whether it is of this build, by its script.
  else if (typeof event.data === 'string') event.ports[0]?.postMessage(BUILT.files.includes(event.data));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { method, url, mode } = request;
  const source = howToAnswer({ method, url, mode, hasAuthorization: request.headers.has('Authorization') }, self.location.origin, BUILT.files);
  if (source === 'network-else-kept') event.respondWith(pageFrom(request));
  else if (source === 'kept-else-network') event.respondWith(fileFrom(request));
});

async function keepFiles(): Promise<void> {
  const cache = await caches.open(KEPT);
  await cache.addAll(BUILT.files.map((file) => new Request(file, { cache: 'no-cache', credentials: 'omit' })));
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== KEPT).map((name) => caches.delete(name)));
}

async function pageFrom(request: Request): Promise<Response> {
  const kept = await (await caches.open(KEPT)).match(PAGE);
  if (kept === undefined) return fetch(request);
  const asked = fetch(request).then((answer) => (answer.status >= 500 ? kept : answer), () => kept);
  const patience = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  return Promise.race([asked, patience]);
}

async function fileFrom(request: Request): Promise<Response> {
  const own = await (await caches.open(KEPT)).match(request, { ignoreSearch: true, ignoreVary: true });
  return own ?? (await caches.match(request, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}
