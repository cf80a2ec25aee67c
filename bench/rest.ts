import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

/** The REST API of a bridge, and an admin key for it. */
export type Rest = { url: string; key: string };

/** A feeder and the token of its agent. */
export type Enrolled = { feederId: string; token: string };

/** The site that every feeder of the benchmark belongs to. */
export const SITE = 'bench';

const ENROL_AT_ONCE = 16;
const ONLINE_WITHIN_MS = 120_000;
const POLL_MS = 100;

const Token = z.object({ token: z.string() });
const Feeders = z.object({
  items: z.array(z.object({ presence: z.enum(['online', 'offline']) })),
  nextCursor: z.string().optional(),
});

/** Asks the API, and parses what it answers; rejects where that is no 2xx. */
export async function ask<T extends z.ZodType>({ url, key }: Rest, method: string, path: string, schema: T, body?: unknown): Promise<z.infer<T>> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return schema.parse(JSON.parse(text));
}

/** Enrols `count` feeders, called `${prefix}-1` and so on. */
export async function enrol(rest: Rest, prefix: string, count: number): Promise<Enrolled[]> {
  const ids = Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
  const waiting = [...ids];
  const tokens = new Map<string, string>();
  const work = async (): Promise<void> => {
    for (let feederId = waiting.shift(); feederId !== undefined; feederId = waiting.shift()) {
      const { token } = await ask(rest, 'POST', '/feeders', Token, { feederId, name: feederId, site: SITE });
      tokens.set(feederId, token);
    }
  };
  await Promise.all(Array.from({ length: ENROL_AT_ONCE }, work));
  return ids.map((feederId) => ({ feederId, token: tokens.get(feederId) ?? '' }));
}

/** Waits until so many feeders are online. */
export async function untilOnline(rest: Rest, count: number): Promise<void> {
  const deadlineMs = performance.now() + ONLINE_WITHIN_MS;
  for (;;) {
    const online = await countOnline(rest);
    if (online >= count) return;
    if (performance.now() > deadlineMs) throw new Error(`expected ${count} feeders online, but only ${online} are`);
    await delay(POLL_MS);
  }
}

/** How many feeders are online. */
async function countOnline(rest: Rest): Promise<number> {
  let online = 0;
  let cursor: string | undefined = '';
  while (cursor !== undefined) {
    const page: z.infer<typeof Feeders> = await ask(rest, 'GET', `/feeders?limit=500${cursor && `&cursor=${cursor}`}`, Feeders);
    online += page.items.filter(({ presence }) => presence === 'online').length;
    cursor = page.nextCursor;
  }
  return online;
}
