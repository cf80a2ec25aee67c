import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { purgeAlarms } from '../src/store/alarms.ts';
import { purgeNotices } from '../src/store/notices.ts';
import { Receiver } from './support/notices.ts';
import { NoticesUnderTest } from './support/notices-under-test.ts';

const bridge = await NoticesUnderTest.open();
afterAll(async () => {
  await bridge.stop();
  await bridge.dispose();
});
await bridge.enrol('north', 'north-farm');
await bridge.enrol('south', 'south-farm');
beforeEach(() => bridge.clear());

const MINUTE_MS = 60_000;
const allDelivered = (count: number) => (deliveries: { state: string }[]) =>
  deliveries.length === count && deliveries.every(({ state }) => state === 'delivered');

const wasTried = ([first]: { lastResult: string | null }[]): boolean => typeof first?.lastResult === 'string';

test('an alarm raised and cleared is told once each, signed, in that order', async () => {
  const receiver = await Receiver.start();
  const { webhookId, secret } = await bridge.webhook(receiver.url);
  bridge.start();
  const alarmId = await bridge.raise('north', 'motorJam', { severity: 'critical', detail: 'the motor is jammed' });
  const [raised] = await receiver.has(1);
  expect(raised).toMatchObject({
    event: 'alarm-raised',
    alarm: { alarmId, feederId: 'north', name: 'motorJam', origin: 'plc', severity: 'critical', detail: 'the motor is jammed', state: 'open' },
    feeder: { feederId: 'north', name: 'Feeder north', site: 'north-farm' },
  });
  expect(raised?.headers).toMatchObject({ 'webhook-id': raised?.noticeId, 'content-type': 'application/json' });
  expect(Math.abs(Number(raised?.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
  expect(raised?.isSigned(secret)).toBe(true);
  await bridge.deliveries(webhookId, allDelivered(1));

  await bridge.over('north', 'motorJam');
  const [, cleared] = await receiver.has(2);
  expect(cleared).toMatchObject({ event: 'alarm-cleared', alarm: { alarmId, state: 'cleared' } });
  expect(cleared?.isSigned(secret)).toBe(true);
  expect(cleared?.noticeId).not.toBe(raised?.noticeId);
  await bridge.deliveries(webhookId, allDelivered(2));
  bridge.pass(24 * 60 * MINUTE_MS);
  await bridge.stop();
  expect(receiver.told).toEqual(['alarm-raised north motorJam', 'alarm-cleared north motorJam']);
});

test('what fails is posted again under the same id, after ever longer pauses, across a restart, until it is taken', async () => {
  const receiver = await Receiver.start();
  receiver.answer = (response) => response.writeHead(500).end();
  const { webhookId, secret } = await bridge.webhook(receiver.url);
  bridge.start();
  await bridge.raise('north', 'motorJam');
  let pauseMs = 5_000;
  for (let attempt = 1; attempt <= 4; attempt++) {
    await bridge.failed(attempt);
    const [delivery] = await bridge.deliveries(webhookId, () => true);
    expect(delivery).toMatchObject({ attempts: attempt, state: 'waiting', lastResult: 'answered 500' });
    const waitsMs = (delivery?.nextAttemptAtMs ?? 0) - bridge.now();
    expect(waitsMs).toBeGreaterThan(pauseMs - 2_000);
    expect(waitsMs).toBeLessThanOrEqual(pauseMs);
    bridge.pass(waitsMs - 2_000);
    if (attempt === 2) {
      await bridge.stop();
      bridge.start();
    }
    if (attempt === 4) receiver.answer = (response) => response.writeHead(200).end('thank you');
    expect(receiver.posted).toHaveLength(attempt);
    bridge.pass(2_001);
    pauseMs *= 2;
  }
  await receiver.has(5);
  const [delivery] = await bridge.deliveries(webhookId, allDelivered(1));
  expect(delivery).toMatchObject({ attempts: 5, lastResult: 'answered 200', nextAttemptAtMs: null });
  expect(new Set(receiver.posted.map(({ noticeId }) => noticeId)).size).toBe(1);
  expect(receiver.posted.every(({ isSigned }) => isSigned(secret))).toBe(true);
});

test('what is never taken is given up after about a day, and then the end of the alarm is told', async () => {
  const receiver = await Receiver.start();
  receiver.answer = (response) => response.writeHead(503).end();
  const { webhookId } = await bridge.webhook(receiver.url);
  bridge.start();
  await bridge.raise('north', 'motorJam');
  const beganMs = bridge.now();
  await bridge.failed(1);
  await bridge.over('north', 'motorJam');
  while (!bridge.failures.some(({ isGivenUp }) => isGivenUp)) {
    const failures = bridge.failures.length;
    const [raised] = await bridge.deliveries(webhookId, (each) => each.length === 2).then((each) => each.filter(({ moment }) => moment === 'raised'));
    bridge.pass((raised?.nextAttemptAtMs ?? 0) - bridge.now() + 1);
    await bridge.failed(failures + 1);
  }
  const tried = bridge.failures.slice(0, bridge.failures.findIndex(({ isGivenUp }) => isGivenUp));
  expect(tried.every(({ moment }) => moment === 'raised')).toBe(true);
  const tookHours = (bridge.now() - beganMs) / 3_600_000;
  expect(tookHours).toBeGreaterThan(18);
  expect(tookHours).toBeLessThan(36);
  receiver.answer = (response) => response.writeHead(204).end();
  await bridge.deliveries(webhookId, (each) => {
    bridge.pass(5_000);
    return each.some(({ moment, state }) => moment === 'cleared' && state === 'delivered');
  });
  expect(receiver.told.filter((told) => told.startsWith('alarm-raised'))).toHaveLength(40);
});

test('who is told depends on site, severity and name', async () => {
  const receivers = await Promise.all([1, 2, 3, 4].map(() => Receiver.start()));
  const [all, ofNorth, critical, jams] = receivers;
  const filters = [{}, { sites: ['north-farm', 'east'] }, { severities: ['critical'] }, { types: ['motorJam'] }];
  const webhooks = await Promise.all(receivers.map(({ url }, index) => bridge.webhook(url, filters[index])));
  bridge.start();
  await bridge.raise('north', 'hopperLow');
  await bridge.raise('south', 'motorJam');
  await bridge.raise('south', 'oxygenLow', { severity: 'critical' });
  const counts = [3, 1, 1, 1];
  await Promise.all(webhooks.map(({ webhookId }, index) => bridge.deliveries(webhookId, allDelivered(counts[index] ?? 0))));
  expect(all?.told.sort()).toEqual(['alarm-raised north hopperLow', 'alarm-raised south motorJam', 'alarm-raised south oxygenLow']);
  expect(ofNorth?.told).toEqual(['alarm-raised north hopperLow']);
  expect(critical?.told).toEqual(['alarm-raised south oxygenLow']);
  expect(jams?.told).toEqual(['alarm-raised south motorJam']);
});

test('a webhook does not hear of what was raised before it was made, nor that it is over', async () => {
  const receiver = await Receiver.start();
  await bridge.raise('north', 'motorJam');
  const { webhookId } = await bridge.webhook(receiver.url);
  bridge.start();
  await bridge.over('north', 'motorJam');
  await bridge.raise('north', 'hopperLow');
  await bridge.deliveries(webhookId, allDelivered(1));
  expect(receiver.told).toEqual(['alarm-raised north hopperLow']);
});

test('a slow receiver holds up nobody else, and its notices come in the end', async () => {
  const [slow, fast] = [await Receiver.start(), await Receiver.start()];
  const held: (() => void)[] = [];
  slow.answer = (response) => void held.push(() => response.writeHead(204).end());
  const slowHook = await bridge.webhook(slow.url);
  const fastHook = await bridge.webhook(fast.url);
  bridge.start();
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((letter) => `alarm${letter}`);
  for (const name of names) await bridge.raise('north', name);
  await bridge.deliveries(fastHook.webhookId, allDelivered(10));
  expect(held).toHaveLength(2);
  slow.answer = (response) => response.writeHead(204).end();
  for (const release of held) release();
  await bridge.deliveries(slowHook.webhookId, allDelivered(10));
  expect(slow.posted).toHaveLength(10);
});

describe('what comes late', () => {
  test('an alarm of an old backlog that is over already is told to nobody', async () => {
    const receiver = await Receiver.start();
    const { webhookId } = await bridge.webhook(receiver.url);
    bridge.start();
    await bridge.raise('north', 'motorJam', { agoMs: 120 * MINUTE_MS });
    await bridge.over('north', 'motorJam', 90 * MINUTE_MS);
    bridge.pass(60 * MINUTE_MS);
    await bridge.raise('north', 'hopperLow', { agoMs: 61 * MINUTE_MS });
    await bridge.deliveries(webhookId, allDelivered(1));
    expect(receiver.told).toEqual(['alarm-raised north hopperLow']);
  });

  test('one that is still open is told a few minutes later', async () => {
    const receiver = await Receiver.start();
    const { webhookId } = await bridge.webhook(receiver.url);
    bridge.start();
    await bridge.raise('north', 'motorJam', { agoMs: 120 * MINUTE_MS });
    await bridge.raise('south', 'motorJam');
    await bridge.deliveries(webhookId, (each) => each.some(({ state }) => state === 'delivered'));
    expect(receiver.told).toEqual(['alarm-raised south motorJam']);
    bridge.pass(6 * MINUTE_MS);
    await bridge.deliveries(webhookId, allDelivered(2));
  });
});

describe('what comes and goes', () => {
  test('is told once, and again only where it stays', async () => {
    const receiver = await Receiver.start();
    const { webhookId } = await bridge.webhook(receiver.url);
    bridge.start();
    for (let time = 0; time < 20; time++) {
      await bridge.raise('north', 'motorJam');
      if (time === 0) await receiver.has(1);
      await bridge.over('north', 'motorJam');
      await bridge.deliveries(webhookId, allDelivered(2));
    }
    await bridge.raise('north', 'motorJam');
    // Another alarm, and the same of another feeder, wait for nothing.
    await bridge.raise('north', 'hopperLow');
    await bridge.raise('south', 'motorJam');
    await receiver.has(4);
    expect(receiver.told.slice(0, 2)).toEqual(['alarm-raised north motorJam', 'alarm-cleared north motorJam']);
    expect(receiver.told.slice(2).sort()).toEqual(['alarm-raised north hopperLow', 'alarm-raised south motorJam']);
    bridge.pass(6 * MINUTE_MS);
    await receiver.has(5);
    expect(receiver.told.slice(4)).toEqual(['alarm-raised north motorJam']);
  });

  test('is told at once to whoever was told nothing of it yet, and after it was over for a while', async () => {
    const receiver = await Receiver.start();
    await bridge.webhook(receiver.url);
    await bridge.raise('north', 'motorJam', { agoMs: 35 * MINUTE_MS });
    await bridge.over('north', 'motorJam', 31 * MINUTE_MS);
    bridge.start();
    await bridge.raise('north', 'motorJam', { agoMs: 30 * MINUTE_MS });
    await receiver.has(1);
    await bridge.over('north', 'motorJam', 11 * MINUTE_MS);
    await receiver.has(2);
    await bridge.raise('north', 'motorJam');
    await receiver.has(3);
  });
});

test('redirects are not followed', async () => {
  const [elsewhere, receiver] = [await Receiver.start(), await Receiver.start()];
  receiver.answer = (response) => response.writeHead(307, { Location: elsewhere.url }).end();
  const { webhookId } = await bridge.webhook(receiver.url);
  bridge.start();
  await bridge.raise('north', 'motorJam');
  const [delivery] = await bridge.deliveries(webhookId, wasTried);
  expect(delivery).toMatchObject({ state: 'waiting', lastResult: 'answered 307, and redirects are not followed' });
  expect(elsewhere.posted).toEqual([]);
});

test.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433'])('%s is not reached unless private addresses are allowed', async (host) => {
  const receiver = await Receiver.start();
  const { webhookId } = await bridge.webhook(receiver.url.replace('127.0.0.1', host));
  bridge.start({ mayBePrivate: false });
  await bridge.raise('north', 'motorJam');
  const [delivery] = await bridge.deliveries(webhookId, wasTried);
  expect(delivery?.lastResult).toMatch(/is not a public address, and ALLOW_PRIVATE_WEBHOOKS is not set$/);
  expect(receiver.posted).toEqual([]);
});

test('a receiver that is not there, hangs up or talks without end holds nothing up', async () => {
  const [rude, talkative] = [await Receiver.start(), await Receiver.start()];
  rude.answer = (response) => void response.socket?.destroy();
  talkative.answer = (response) => {
    response.writeHead(200);
    const talk = setInterval(() => response.write('x'.repeat(10_000)), 1);
    response.on('close', () => clearInterval(talk));
  };
  const hooks = [await bridge.webhook('http://127.0.0.1:1/'), await bridge.webhook(rude.url), await bridge.webhook(talkative.url)];
  bridge.start();
  await bridge.raise('north', 'motorJam');
  const results = await Promise.all(hooks.map(async ({ webhookId }) => (await bridge.deliveries(webhookId, wasTried))[0]?.lastResult));
  expect(results).toEqual([expect.stringContaining('ECONNREFUSED'), 'socket hang up', 'answered 200']);
});

test('stopping ends what is under way, and it is posted again after the next start', async () => {
  const receiver = await Receiver.start();
  receiver.answer = () => undefined;
  const { webhookId } = await bridge.webhook(receiver.url);
  bridge.start();
  await bridge.raise('north', 'motorJam');
  await receiver.has(1);
  await bridge.stop();
  receiver.answer = (response) => response.writeHead(204).end();
  bridge.start();
  const [delivery] = await bridge.deliveries(webhookId, allDelivered(1));
  expect(delivery?.attempts).toBe(2);
  expect(receiver.posted[0]?.noticeId).toBe(receiver.posted[1]?.noticeId);
});

test('notices are kept for as long as their alarm is open, and then by their age', async () => {
  const receiver = await Receiver.start();
  const { webhookId } = await bridge.webhook(receiver.url);
  bridge.start();
  await bridge.raise('north', 'motorJam');
  await bridge.deliveries(webhookId, allDelivered(1));
  expect(await purgeNotices(bridge.db, bridge.now() + 1_000, 10)).toBe(0);
  await bridge.over('north', 'motorJam');
  await bridge.deliveries(webhookId, allDelivered(2));
  expect(await purgeNotices(bridge.db, bridge.now() - 3_600_000, 10)).toBe(0);
  expect(await purgeNotices(bridge.db, bridge.now() + 1_000, 10)).toBe(2);
});

test('alarms that are over are kept by their age, and their notices with them', async () => {
  const receiver = await Receiver.start();
  const { webhookId } = await bridge.webhook(receiver.url);
  bridge.start();
  await bridge.raise('north', 'motorJam');
  await receiver.has(1);
  await bridge.over('north', 'motorJam');
  await bridge.deliveries(webhookId, allDelivered(2));
  await bridge.raise('north', 'hopperLow', { agoMs: 60 * MINUTE_MS });
  expect(await purgeAlarms(bridge.db, bridge.now() - MINUTE_MS, 10)).toBe(0);
  expect(await purgeAlarms(bridge.db, bridge.now() + MINUTE_MS, 10)).toBe(1);
  const left = await bridge.deliveries(webhookId, () => true);
  expect(left.map(({ alarmName }) => alarmName)).toEqual(['hopperLow']);
});
