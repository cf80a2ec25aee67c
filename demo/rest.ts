import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;
/** Everybody to whom the demo is shown may use its link, while it runs. */
const SIGN_IN = { uses: 100, validSeconds: 86_400 };

const Feeders = z.object({
  items: z.array(z.object({ feederId: z.string(), presence: z.string(), plc: z.string() })),
});

/** What the demo asks of its bridge, as any client would. */
export class Rest {
  readonly #api: string;
  readonly #adminKey: string;

  constructor(url: string, adminKey: string) {
    this.#api = `${url}/api/v1`;
    this.#adminKey = adminKey;
  }

  /** A new token for the agent of a feeder. */
  async newToken(feederId: string): Promise<string> {
    return z.object({ token: z.string() }).parse(await this.#ask('POST', `/feeders/${feederId}/token`)).token;
  }

  /** A code that signs in whoever opens the console with it. */
  async newSignInCode(): Promise<string> {
    return z.object({ code: z.string() }).parse(await this.#ask('POST', '/sign-in-codes', SIGN_IN)).code;
  }

  /** Resolves when these feeders are online and their PLCs answer. */
  async untilThere(feederIds: readonly string[]): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    let missing = feederIds;
    while (performance.now() < deadline) {
      const { items } = Feeders.parse(await this.#ask('GET', '/feeders'));
      const there = items.filter(({ presence, plc }) => presence === 'online' && plc === 'ok').map(({ feederId }) => feederId);
      missing = feederIds.filter((feederId) => !there.includes(feederId));
      if (missing.length === 0) return;
      await delay(LOOK_EVERY_MS);
    }
    throw new Error(`expected the agent to report within ${READY_WITHIN_MS / 1000} s, but these are not there: ${missing.join(', ')}`);
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(this.#api + path, {
      method,
      headers: { Authorization: `Bearer ${this.#adminKey}`, ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`expected ${method} ${path} to be answered well, not ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }
}
