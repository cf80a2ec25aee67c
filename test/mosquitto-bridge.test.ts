import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, openTestBridge, type TestBridge } from './support/bridge.ts';
import { freePort } from './support/free-port.ts';
import { connectAgent } from './support/live-feeder.ts';
import { VALUES } from './support/scripted-agent.ts';
import { hasMosquitto, startMosquitto, type ServerProcess } from './support/server-process.ts';
import { Explorer, makeSiteLogin, type TestSiteLogin } from './support/site-login.ts';

const LINK = '$SYS/broker/connection/farm-broker/state';

describe.skipIf(!hasMosquitto)("a farm's own Mosquitto, by mosquitto.conf", () => {
  let bridge: TestBridge;
  let login: TestSiteLogin;
  let token: string;
  let foreignToken: string;
  let folder: string;
  let mosquitto: ServerProcess;
  beforeAll(async () => {
    bridge = await openTestBridge();
    token = await bridge.enrol('pond-1', 'north-farm');
    foreignToken = await bridge.enrol('foreign-1', 'south-farm');
    login = await makeSiteLogin(bridge, 'north-farm');
    folder = await mkdtemp(join(tmpdir(), 'feederbridge-mosquitto-'));
    const port = await freePort();
    mosquitto = await startMosquitto(await writeConfig(port), port);
  });
  afterAll(async () => {
    await mosquitto.dispose();
    await bridge.dispose();
    await rm(folder, { recursive: true });
  });

  /** The very file, with this test's ports and login, and the access list where it can be found. */
  async function writeConfig(port: number): Promise<string> {
    const substitutes: [string, string][] = [
      ['listener 1883 127.0.0.1', `listener ${port} 127.0.0.1`],
      ['acl_file /etc/mosquitto/feederbridge.acl', `acl_file ${join(folder, 'feederbridge.acl')}`],
      ['address bridge.example:1883', `address ${new URL(bridge.mqttUrl).host}`],
      ['remote_username north-farm_00000000', `remote_username ${login.username}`],
      ['remote_password put-the-password-here', `remote_password ${login.password}`],
      ['restart_timeout 2 60', 'restart_timeout 1'],
    ];
    let text = await readFile(resolve('mosquitto.conf'), 'utf8');
    for (const [line, substitute] of substitutes) {
      expect(text.split('\n')).toContain(line);
      text = text.replace(`\n${line}\n`, `\n${substitute}\n`);
    }
    await cp(resolve('mosquitto.acl'), join(folder, 'feederbridge.acl'));
    const file = join(folder, 'mosquitto.conf');
    // Started as root, it would give up its rights, and with them those on this folder.
    await writeFile(file, `user root\n${text}`);
    return file;
  }

  /** Someone on the farm, without a login. */
  async function lookOnLocally(): Promise<Explorer> {
    const client = await Explorer.connect(mosquitto.url);
    await client.subscribe('feeder/#', LINK);
    return client;
  }

  const linkIs = (state: '0' | '1') =>
    eventually(async () => {
      const engineer = await lookOnLocally();
      const told = await engineer.sees(LINK);
      await engineer.client.endAsync();
      return told.payload === state ? true : undefined;
    }, 15_000);

  test('what is retained is there for whoever comes late, changes arrive as they happen, and nothing of other sites', async () => {
    await connectAgent(bridge, 'foreign-1', foreignToken);
    const agent = await connectAgent(bridge, 'pond-1', token);
    await linkIs('1');
    const late = await lookOnLocally();
    await late.sees('feeder/pond-1/presence', ({ payload, retain }) => retain && payload.includes('"online"'));
    await late.sees('feeder/pond-1/config', ({ payload, retain }) => retain && payload.includes('"mealGrams":100'));
    await agent.report({ ...VALUES, mealGrams: 130 }, 'local');
    await late.sees('feeder/pond-1/config', ({ payload }) => payload.includes('"mealGrams":130'));
    const later = await lookOnLocally();
    await later.sees('feeder/pond-1/config', ({ payload, retain }) => retain && payload.includes('"mealGrams":130'));
    expect([...late.seen, ...later.seen].filter(({ topic }) => topic.includes('foreign'))).toEqual([]);
  });

  test('nothing flows back: what is published locally is not taken, the bridge hears nothing of it, and the link stays', async () => {
    const agent = await connectAgent(bridge, 'pond-1', token);
    await linkIs('1');
    const remote = await Explorer.connect(bridge.mqttUrl, login);
    await remote.subscribe('#', '$SYS/#');
    const local = await lookOnLocally();
    for (const topic of ['feeder/pond-1/config', 'feeder/pond-1/command', 'feeder/pond-1/spoofed', '$SYS/broker/connection/x/state']) {
      await local.client.publishAsync(topic, 'spoofed', { qos: 1, retain: true });
    }
    await agent.beat();
    await local.sees('feeder/pond-1/heartbeat/reply');
    await remote.sees('feeder/pond-1/heartbeat/reply');
    expect([...local.seen, ...remote.seen].filter(({ payload }) => payload.includes('spoofed'))).toEqual([]);
    expect(remote.seen.filter(({ topic }) => topic.startsWith('$SYS'))).toEqual([]);
    expect(agent.commandsWaiting()).toEqual([]);
    expect(local.seen.filter(({ topic }) => topic === LINK).map(({ payload }) => payload)).toEqual(['1']);
  });

  test('it finds its way back after a restart of the bridge, and all is there again after one of its own', async () => {
    await linkIs('1');
    const local = await lookOnLocally();
    await bridge.restart();
    await local.sees(LINK, ({ payload }) => payload === '0');
    await eventually(() => (local.seen.filter(({ topic }) => topic === LINK).at(-1)?.payload === '1' ? true : undefined), 15_000);
    const agent = await connectAgent(bridge, 'pond-1', token);
    await agent.report({ ...VALUES, mealGrams: 140 }, 'local');
    await local.sees('feeder/pond-1/config', ({ payload }) => payload.includes('"mealGrams":140'));
    await mosquitto.kill();
    await agent.report({ ...VALUES, mealGrams: 150 }, 'local');
    await mosquitto.start();
    await linkIs('1');
    const late = await lookOnLocally();
    await late.sees('feeder/pond-1/config', ({ payload, retain }) => retain && payload.includes('"mealGrams":150'));
    await late.sees('feeder/pond-1/presence', ({ payload, retain }) => retain && payload.includes('"online"'));
  });

  test('a feeder that is removed disappears from it', async () => {
    const gone = await bridge.enrol('gone-1', 'north-farm');
    await connectAgent(bridge, 'gone-1', gone);
    await linkIs('1');
    const local = await lookOnLocally();
    await local.sees('feeder/gone-1/config');
    await bridge.rest('DELETE', '/feeders/gone-1');
    for (const name of ['presence', 'profile', 'config']) await local.sees(`feeder/gone-1/${name}`, ({ payload }) => payload === '');
    const late = await lookOnLocally();
    // What is retained goes out before the next subscription is answered.
    await late.subscribe('feeder/+/state');
    await late.sees('feeder/pond-1/config');
    expect(late.seen.filter(({ topic }) => topic.includes('gone-1'))).toEqual([]);
  });
});
