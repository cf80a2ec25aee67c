import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { startBridge, type Bridge } from '../../src/bridge.ts';
import { createLog } from '../../machine/log.ts';
import { parseSettings } from '../../src/settings.ts';
import { freePort } from './free-port.ts';
import { freshDatabase, type FreshDatabase } from './postgres.ts';
import { freshRedis } from './redis.ts';

export const ADMIN_KEY = 'test-admin-key';

export type Answer = { status: number; headers: Headers; body: unknown };

/** A bridge under test and how to talk to it. */
export type TestBridge = {
  url: string;
  wsUrl: string;
  /** Plain MQTT, as `mqtt://host:port`. */
  mqttUrl: string;
  database: FreshDatabase;
  /**
   * One REST request with the admin key; `path` is below /api/v1 unless it starts with two slashes. Rejects where it is
   * not as the bridge's OpenAPI document says.
   */
  rest(method: string, path: string, options?: { body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
  /** Enrols a feeder and tells its token. */
  enrol(feederId: string, site?: string): Promise<string>;
  /** The environment of a bridge on the same stores and ports. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Stops it and starts another on the same stores and ports. Settings given here go before those of its start. */
  restart(overrides?: Record<string, string>): Promise<void>;
  /** Stops it; changes under way may take so long to end. */
  stop(finishWithinMs?: number): Promise<void>;
  /** Stops it and removes its stores. */
  dispose(): Promise<void>;
};

/** Starts a bridge on stores of its own; it ends with the test. Settings given here go before the usual ones. */
export async function startTestBridge(overrides: Record<string, string> = {}): Promise<TestBridge> {
  const bridge = await openTestBridge(overrides);
  onTestFinished(() => bridge.dispose());
  return bridge;
}

/** As `startTestBridge`, for a bridge that several tests share; whoever opens it in a hook disposes of it. */
export async function openTestBridge(overrides: Record<string, string> = {}): Promise<TestBridge> {
  const database = await freshDatabase();
  const redisUrl = 'REDIS_URL' in overrides ? undefined : await freshRedis();
  const environment = {
    PORT: String(await freePort()),
    MQTT_PORT: String(await freePort()),
    DATA_DIR: database.dataDir,
    DATABASE_URL: database.databaseUrl,
    REDIS_URL: redisUrl,
    ADMIN_KEY,
    LOG_LEVEL: 'silent',
    ...overrides,
  };
  let fatal: Error | undefined;
  const start = (more: Record<string, string> = {}): Promise<Bridge> => {
    const parsed = parseSettings({ ...environment, ...more });
    if (!parsed.ok) throw new Error(parsed.problems.join('; '));
    return startBridge(parsed.settings, createLog('silent'), (reason) => (fatal = reason));
  };
  let bridge: Bridge | undefined = await start();
  const { url } = bridge;
  const stop = async (finishWithinMs = 0): Promise<void> => {
    await bridge?.stop(finishWithinMs);
    bridge = undefined;
    if (fatal) throw fatal;
  };

  const rest: TestBridge['rest'] = async (method, path, { body, headers = {} } = {}) => {
    const target = path.startsWith('//') ? url + path.slice(1) : `${url}/api/v1${path}`;
    const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(target, {
      method,
      headers: { Authorization: `Bearer ${ADMIN_KEY}`, ...(sent !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(sent !== undefined && { body: sent }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  return {
    url,
    wsUrl: `${url.replace('http', 'ws')}/mqtt`,
    mqttUrl: `mqtt://127.0.0.1:${environment.MQTT_PORT}`,
    database,
    rest,
    enrol: async (feederId, site = 'farm') => {
      const { status, body } = await rest('POST', '/feeders', { body: { feederId, name: feederId, site } });
      if (status !== 201 || typeof body !== 'object' || body === null || !('token' in body)) {
        throw new Error(`enrolling ${feederId} was answered ${status} ${JSON.stringify(body)}`);
      }
      return String(body.token);
    },
    environment,
    restart: async (more = {}) => {
      await stop();
      bridge = await start(more);
    },
    stop,
    dispose: async () => {
      await stop();
      await database.dispose();
    },
  };
}

/** Resolves with what `look` finds, as soon as it finds something; rejects when it has not after `withinMs`. */
export async function eventually<T>(look: () => Promise<T | undefined> | T | undefined, withinMs = 5_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`not found within ${withinMs} ms: ${look.toString()}`);
    await delay(20);
  }
}
