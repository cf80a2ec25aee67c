import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { eventually, openTestBridge } from './support/bridge.ts';
import { liveFeeder } from './support/live-feeder.ts';

const bridge = await openTestBridge();
afterAll(() => bridge.dispose());

const SAMPLE = /^([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? (\S+)$/i;
type Sample = { name: string; labels: Record<string, string>; value: number };

async function scrape(): Promise<{ text: string; samples: Sample[]; contentType: string | null }> {
  const answer = await fetch(`${bridge.url}/metrics`);
  expect(answer.status).toBe(200);
  const text = await answer.text();
  const samples = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line): Sample => {
      const [, name = '', labels = '', value = ''] = z.array(z.string().optional()).parse(SAMPLE.exec(line));
      expect(name, line).not.toBe('');
      const pairs = [...labels.matchAll(/([a-z_]+)="([^"]*)"/gi)].map(([, key = '', held = '']): [string, string] => [key, held]);
      return { name, labels: Object.fromEntries(pairs), value: Number(value) };
    });
  return { text, samples, contentType: answer.headers.get('content-type') };
}

async function valueOf(name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  const { samples } = await scrape();
  const wanted = Object.entries(labels);
  return samples.find((sample) => sample.name === name && wanted.every(([key, held]) => sample.labels[key] === held))?.value;
}

test('commands are counted by outcome, and every stage of an applied one is timed', async () => {
  expect(await valueOf('feederbridge_commands_total', { outcome: 'applied' })).toBe(0);
  const agent = await liveFeeder(bridge, 'pond-1');
  const change = bridge.rest('PATCH', '/feeders/pond-1/config', { body: { mealGrams: 120 } });
  const command = await agent.command();
  expect(await valueOf('feederbridge_commands_in_flight')).toBe(1);
  await agent.applied(command);
  expect((await change).status).toBe(200);
  expect(await valueOf('feederbridge_commands_total', { outcome: 'applied' })).toBe(1);
  expect(await valueOf('feederbridge_commands_in_flight')).toBe(0);
  for (const stage of ['door', 'store', 'publish', 'agent', 'ack', 'commit']) {
    expect(await valueOf('feederbridge_command_stage_duration_seconds_count', { stage }), stage).toBe(1);
    expect(await valueOf('feederbridge_command_stage_duration_seconds_sum', { stage }), stage).toBeLessThan(5);
  }

  expect(await valueOf('feederbridge_http_request_duration_seconds_count', { operation: 'changeConfig', status: '200' })).toBe(1);

  const rejected = bridge.rest('PATCH', '/feeders/pond-1/config', { body: { mealGrams: 121 } });
  await agent.ack(await agent.command(), { outcome: 'rejected', readBack: { mealGrams: 120 }, reason: { code: 'plc-exception', message: '' } });
  expect((await rejected).status).toBe(502);
  expect(await valueOf('feederbridge_commands_total', { outcome: 'rejected' })).toBe(1);
});

test('refused changes and packets are counted, and what is connected is shown', async () => {
  // The agent of the test before is on its way out.
  await eventually(async () => ((await valueOf('feederbridge_mqtt_clients', { kind: 'feeder' })) === 0 ? true : undefined));
  await eventually(async () => ((await valueOf('feederbridge_leases')) === 0 ? true : undefined));
  await bridge.enrol('quiet');
  expect((await bridge.rest('PATCH', '/feeders/quiet/config', { body: { mealGrams: 1 } })).status).toBe(409);
  expect(await valueOf('feederbridge_changes_refused_total', { code: 'feeder-offline' })).toBe(1);

  const agent = await liveFeeder(bridge, 'pond-2');
  expect(await valueOf('feederbridge_mqtt_clients', { kind: 'feeder' })).toBe(1);
  expect(await valueOf('feederbridge_leases')).toBe(1);
  await agent.client.publishAsync('feeder/pond-2/ack', 'not JSON', { qos: 1 });
  expect(await valueOf('feederbridge_mqtt_packets_refused_total', { reason: 'malformed' })).toBe(1);
  await agent.client.publishAsync('feeder/quiet/ack', '{}', { qos: 0 });
  await eventually(async () => ((await valueOf('feederbridge_mqtt_packets_refused_total', { reason: 'not-allowed' })) === 0 ? undefined : true));
  await eventually(async () => ((await valueOf('feederbridge_mqtt_clients', { kind: 'feeder' })) === 0 ? true : undefined));
  expect(await valueOf('feederbridge_feeders')).toBeGreaterThanOrEqual(2);
});

test('the text is what Prometheus takes, named by its conventions, and tells of no feeder', async () => {
  await bridge.rest('GET', '/feeders');
  const { text, samples, contentType } = await scrape();
  expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]));
  const own = [...types].filter(([name]) => name.startsWith('feederbridge_'));
  expect(own.length).toBeGreaterThan(8);
  for (const [name, type] of own) {
    expect(text, name).toMatch(new RegExp(`^# HELP ${name} .{10,}`, 'm'));
    expect(name.endsWith('_total'), name).toBe(type === 'counter');
    if (type === 'histogram') expect(name).toMatch(/_seconds$/);
  }
  // Each family once, whichever registry it comes from.
  expect([...text.matchAll(/^# TYPE (\S+)/gm)]).toHaveLength(types.size);
  expect(types.has('nodejs_eventloop_lag_seconds')).toBe(true);
  for (const { labels } of samples) expect(Object.values(labels).filter((held) => /pond-|quiet/.test(held))).toEqual([]);
  const pool = samples.filter(({ name }) => name === 'feederbridge_database_connections').map(({ labels }) => labels['state']);
  expect(pool.sort()).toEqual(['busy', 'idle']);
});
