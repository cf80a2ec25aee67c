import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { runBridge } from './support/bridge-process.ts';
import { freshDatabase } from './support/postgres.ts';
import { ScriptedAgent } from './support/scripted-agent.ts';

// Short enough for the bridge to warn of it, and not to be told by that either.
const KEY = 'kingfisher-4711';
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const CONFIG = '/api/v1/feeders/pond-1/config';
const Line = z.object({ level: z.int(), msg: z.string() }).loose();

const linesOf = (output: string): z.infer<typeof Line>[] =>
  output.split('\n').filter((line) => line.startsWith('{')).map((line) => Line.parse(JSON.parse(line)));

test('a command is one line, with its request and trace; every request is told by its id; no secret is', async () => {
  const stores = await freshDatabase();
  onTestFinished(() => stores.dispose());
  const environment = { PORT: '0', DATA_DIR: stores.dataDir, DATABASE_URL: stores.databaseUrl, ADMIN_KEY: KEY, LOG_LEVEL: 'trace' };
  const bridge = runBridge(environment);
  const url = await bridge.printed(/bridge listening on (\S+)/);
  const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url + path, {
      method,
      headers: { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const enrolled = await ask('POST', '/api/v1/feeders', { feederId: 'pond-1', name: 'pond', site: 'farm' });
  const { token } = z.object({ token: z.string() }).parse(await enrolled.json());

  const wrong = await ScriptedAgent.connect({ wsUrl: `${url.replace('http', 'ws')}/mqtt`, feederId: 'pond-1', token: `${token}x` }).catch((error: unknown) => error);
  expect(wrong).toBeInstanceOf(Error);
  const agent = await ScriptedAgent.start({ wsUrl: `${url.replace('http', 'ws')}/mqtt`, feederId: 'pond-1', token });
  await expect.poll(async () => (await ask('GET', '/api/v1/feeders/pond-1')).json()).toMatchObject({ presence: 'online' });

  const change = ask('PATCH', CONFIG, { mealGrams: 120 }, { 'X-Request-Id': 'desk-17', traceparent: TRACE });
  const command = await agent.command();
  expect(command.traceparent).toBe(TRACE);
  await agent.applied(command);
  const answer = await change;
  expect(answer.headers.get('x-request-id')).toBe('desk-17');

  const refused = await ask('PATCH', CONFIG, { mealGrams: 99_999 }, { traceparent: 'nonsense', 'X-Request-Id': 'a b' });
  const refusedId = refused.headers.get('x-request-id');
  expect(refusedId).toMatch(/^[0-9a-f-]{36}$/);
  expect((await ask('GET', '/api/v1/feeders', undefined, { Authorization: `Bearer ${KEY}x` })).status).toBe(401);
  const spoolId = randomUUID();
  const flood = Array.from({ length: 50 }, async (_, time) => {
    await agent.ack({ commandId: randomUUID() }, { outcome: 'applied', readBack: {} });
    await agent.publish('records', { spoolId, records: Array.from({ length: 5 }, (_, seq) => ({ seq: time * 5 + seq, kind: 'none' })) });
  });
  await Promise.all(flood);
  await bridge.printed(/records could not be stored[^]*an ack was turned away|an ack was turned away[^]*records could not be stored/);
  await ask('POST', '/api/v1/feeders/pond-1/token');
  bridge.signal('SIGTERM');
  expect(await bridge.exit).toBe(0);

  const lines = linesOf(bridge.output());
  const failed = lines.filter(({ msg }) => msg === 'http: a login failed');
  expect(failed).toMatchObject([{ level: 40, address: '127.0.0.1' }]);
  expect(failed[0]).toHaveProperty('requestId');
  const settled = lines.filter(({ msg }) => msg === 'command settled');
  expect(settled).toHaveLength(1);
  expect(settled[0]).toMatchObject({
    commandId: command.commandId, feederId: 'pond-1', kind: 'set-config', version: command.version, issuedBy: 'ADMIN_KEY',
    requestId: 'desk-17', traceparent: TRACE, outcome: 'applied', reason: null,
  });
  const stages = z.object({ stagesMs: z.record(z.string(), z.number()) }).parse(settled[0]).stagesMs;
  expect(Object.keys(stages)).toEqual(['door', 'store', 'publish', 'agent', 'ack', 'commit']);
  const turnedAway = lines.filter(({ msg }) => msg === 'change refused');
  expect(turnedAway).toHaveLength(1);
  expect(turnedAway[0]).toMatchObject({ requestId: refusedId, outcome: 'refused', reason: { code: 'out-of-range' } });
  expect(turnedAway[0]).not.toHaveProperty('traceparent');
  const request = lines.find((line) => line['requestId'] === 'desk-17' && line['req'] !== undefined);
  expect(request).toMatchObject({ req: { method: 'PATCH' }, operation: 'changeConfig', feederId: 'pond-1', res: { status: 200 } });

  const ofRecords = lines.filter(({ msg }) => msg === 'records could not be stored and are kept in quarantine');
  const ofAcks = lines.filter(({ msg }) => msg === 'an ack was turned away');
  expect(ofRecords[0]).toMatchObject({ level: 40, feederId: 'pond-1' });
  expect(ofAcks[0]).toMatchObject({ level: 40, feederId: 'pond-1' });
  for (const told of [ofRecords, ofAcks]) expect(told.length).toBeLessThan(15);
  expect(lines.filter(({ level }) => level > 40)).toEqual([]);

  // One was given, and so none was made.
  expect(bridge.output()).not.toContain('admin key');
  expect(bridge.output()).not.toContain(KEY);
  expect(bridge.output()).not.toContain(token);
});

test('a secret that an error or object carries along is not told', async () => {
  const program = `
    import { createLog } from './machine/log.ts';
    const log = createLog('info');
    const password = 'kingfisher-4711';
    log.error({ err: Object.assign(new Error('lost'), { password }), token: password, headers: { authorization: password }, feederId: 'pond-1' }, 'told');
  `;
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program]);
  const [line] = linesOf(stderr);
  expect(line).toMatchObject({ msg: 'told', feederId: 'pond-1', err: { message: 'lost' } });
  expect(stderr).not.toContain('kingfisher');
});
