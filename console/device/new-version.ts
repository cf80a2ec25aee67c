import { signal } from '@preact/signals';

/** Whether the bridge serves another version of the console than this page. */
export const isNewVersionHere = signal(false);

const LOOK_EVERY_MS = 3_600_000;

let waiting: ServiceWorker | undefined;

/**
 * Lets the browser keep the console, so that it opens without the bridge. Browsers do so for pages by HTTPS or of this
 * machine alone; elsewhere, and where one does not, the console works all the same while the bridge is there.
 */
export async function keepConsole(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener('controllerchange', () => {
    // Another tab asked for the new version; what this page has yet to load is kept no more.
    if (serviceWorker.controller !== null) void compare(serviceWorker.controller);
  });
  try {
    const registration = await serviceWorker.register('/service-worker.js', { updateViaCache: 'none' });
    if (registration.waiting !== null) void compare(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const { installing } = registration;
      installing?.addEventListener('statechange', () => {
        if (installing.state === 'installed' && serviceWorker.controller !== null) void compare(installing);
      });
    });
    setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY_MS);
    lookAnew = () => void registration.update().catch(() => undefined);
  } catch {
    // It is not kept, then.
  }
}

let lookAnew = (): void => undefined;

/** Looks for a new version now: a bridge that was away may have come back with one. */
export const lookForNewVersion = (): void => lookAnew();

/** Shows the new version. Whatever is being filled in is lost. */
export function takeNewVersion(): void {
  const { serviceWorker } = navigator;
  const reload = (): void => location.reload();
  if (waiting?.state !== 'installed') {
    reload();
    return;
  }
  serviceWorker.addEventListener('controllerchange', reload, { once: true });
  waiting.postMessage('take-over');
}

/** A worker of this very page's build may take over at once; of one of another build it is told. */
async function compare(worker: ServiceWorker): Promise<void> {
  const own = document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.src;
  const isSame = own !== undefined && (await isOfBuild(worker, new URL(own).pathname));
  if (!isSame) {
    waiting = worker;
    isNewVersionHere.value = true;
  } else if (worker.state === 'installed') worker.postMessage('take-over');
}

const isOfBuild = (worker: ServiceWorker, script: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      port1.close();
      resolve(data === true);
    };
    worker.postMessage(script, [port2]);
  });
