import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Agent } from '../agent/agent.ts';
import type { MachineClocks } from '../machine/clocks.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { eventually, startTestBridge } from './support/bridge.ts';
import { freePort } from './support/free-port.ts';
import { ScriptedBridge } from './support/scripted-bridge.ts';
import { readMap, startTestAgent, type TestFeeder } from './support/whole-system.ts';

const BEAT_SECONDS = 0.1;
const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function openScripted(): Promise<ScriptedBridge> {
  const bridge = await ScriptedBridge.open();
  endings.push(() => bridge.close());
  return bridge;
}
async function openPlc(unitId?: number): Promise<SimulatedPlc> {
  const plc = await SimulatedPlc.start({ map: await readMap(), port: 0, ...(unitId !== undefined && { unitId }) });
  endings.push(() => plc.stop());
  return plc;
}
const feeder = (feederId: string, plc: SimulatedPlc, more: { token?: string; unitId?: number } = {}): TestFeeder => ({
  feederId,
  token: more.token ?? 'secret',
  plc: { host: '127.0.0.1', port: plc.port, timeoutMs: 200, ...(more.unitId !== undefined && { unitId: more.unitId }) },
});
const openAgent = (bridge: string, ...feeders: TestFeeder[]): Promise<Agent> => openBeating(BEAT_SECONDS, bridge, feeders);

async function openBeating(heartbeatSeconds: number, bridge: string, feeders: TestFeeder[], machine?: MachineClocks): Promise<Agent> {
  const agent = await startTestAgent({ bridge, feeders, heartbeatSeconds, ...(machine && { machine }) });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= agent.stop());
  endings.push(stop);
  return { stop };
}

describe('the link to the bridge', () => {
  it('introduces itself: session, profile, config of the PLC, and a beat at once', async () => {
    const bridge = await openScripted();
    await openAgent(bridge.url, feeder('pond-1', await openPlc()));
    const { sessionId, journalId } = await bridge.take('session', ({ state }) => state === 'started');
    expect(journalId).toBeDefined();
    const profile = await bridge.take('profile');
    expect(profile).toMatchObject({ registerMap: { name: 'reference-feeder' }, kinds: ['set-config', 'feed-now', 'clear-alarms'] });
    expect(profile.parameters).toContainEqual({ name: 'mealGrams', type: 'integer', unit: 'g', min: 0, max: 5000, step: 1 });
    expect(profile.guards).toEqual({ maxDoseGrams: 500, minGapSeconds: 300, maxGramsPerDay: 5000 });
    const [first, second] = [await bridge.take('heartbeat'), await bridge.take('heartbeat')];
    expect(first).toMatchObject({ sessionId, seq: 0, plc: 'ok', configVersion: 0 });
    expect(second.seq).toBe(1);
    expect(await bridge.take('config')).toMatchObject({ source: 'start', values: { mealGrams: 100, feedingEnabled: true } });
    const state = await bridge.take('state');
    expect(state).toMatchObject({ quality: {}, values: { hopperGrams: 25_000, feeding: false } });
  });

  it('comes back after every loss as a new session, with its will for the old one and a pause of chance length', async () => {
    const bridge = await openScripted();
    await openAgent(bridge.url, feeder('pond-1', await openPlc()));
    const sessions: string[] = [];
    const journals = new Set<string | undefined>();
    const pauses: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const { sessionId, journalId } = await bridge.take('session', ({ state }) => state === 'started');
      sessions.push(sessionId);
      journals.add(journalId);
      await bridge.take('config');
      if (round === 3) break;
      const cutAtMs = performance.now();
      bridge.cutAll();
      expect(await bridge.take('session', ({ state }) => state === 'ended')).toMatchObject({ sessionId, reason: 'connection-lost' });
      await eventually(() => (bridge.connectedAtMs.length === round + 2 ? true : undefined));
      pauses.push((bridge.connectedAtMs.at(-1) ?? 0) - cutAtMs);
    }
    expect(new Set(sessions).size).toBe(4);
    expect(journals.size).toBe(1);
    for (const pause of pauses) expect(pause).toBeGreaterThan(240);
    expect(new Set(pauses.map((pause) => Math.round(pause))).size).toBeGreaterThan(1);
  });

  it('is given up after three beats without a reply, and made anew', async () => {
    const bridge = await openScripted();
    await openAgent(bridge.url, feeder('pond-1', await openPlc()));
    const first = await bridge.take('session', ({ state }) => state === 'started');
    await bridge.take('config');
    bridge.answersBeats = false;
    bridge.received.length = 0;
    expect(await bridge.take('session', ({ state }) => state === 'ended', 2_000)).toMatchObject({ sessionId: first.sessionId, reason: 'connection-lost' });
    const beats = bridge.received.filter(({ topic }) => topic === 'heartbeat').length;
    expect(beats).toBeGreaterThanOrEqual(3);
    bridge.answersBeats = true;
    const second = await bridge.take('session', ({ state }) => state === 'started');
    expect(second.sessionId).not.toBe(first.sessionId);
    await bridge.take('config');
  });

  it('finds a bridge that starts after it', async () => {
    const gone = await ScriptedBridge.open(await freePort());
    const port = Number(new URL(gone.url).port);
    await gone.close();
    await openAgent(gone.url, feeder('pond-1', await openPlc()));
    const bridge = await ScriptedBridge.open(port);
    endings.push(() => bridge.close());
    await bridge.take('session', ({ state }) => state === 'started');
  });

  it('is told at once that the PLC is gone, and that it is back, however far away the next beat', async () => {
    const [bridge, plc] = [await openScripted(), await openPlc()];
    await openBeating(3_600, bridge.url, [feeder('pond-1', plc)]);
    await bridge.take('heartbeat', (beat) => beat.plc === 'ok');
    await plc.disconnect();
    await bridge.take('heartbeat', (beat) => beat.plc === 'unreachable', 2_000);
    await plc.reconnect();
    await bridge.take('heartbeat', (beat) => beat.plc === 'ok');
  });

  it('asks for the time by itself when the PC was suspended or its clock adjusted, however far away the next beat', async () => {
    const [bridge, plc] = [await openScripted(), await openPlc()];
    let aheadMs = 0;
    const machine = { wallMs: () => Date.now() + aheadMs, monotonicMs: () => performance.now() };
    await openBeating(3_600, bridge.url, [{ ...feeder('pond-1', plc), pollSeconds: 3_600 }], machine);
    await bridge.take('config');
    for (const adjustedMs of [2_000, -7_200_000]) {
      bridge.received.length = 0;
      aheadMs += adjustedMs;
      await bridge.take('heartbeat', () => true, 2_000);
    }
    expect(bridge.received.filter(({ topic }) => topic === 'heartbeat')).toEqual([]);
  });

  it('can be stopped while a bridge takes the connection and says nothing', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
    const connected = once(silent, 'connection');
    await once(silent, 'listening');
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('expected a port');
    const agent = await openAgent(`ws://127.0.0.1:${address.port}/mqtt`, feeder('pond-1', await openPlc()));
    await connected;
    const stoppedAtMs = performance.now();
    await agent.stop();
    expect(performance.now() - stoppedAtMs).toBeLessThan(2_000);
    silent.close();
    await once(silent, 'close');
  });

  it('says goodbye when it is stopped, and the bridge tells it as a shutdown', async () => {
    const bridge = await startTestBridge({ LEASE_SECONDS: '1' });
    const agent = await openAgent(bridge.wsUrl, feeder('pond-1', await openPlc(), { token: await bridge.enrol('pond-1') }));
    const presence = async () => z.object({ presence: z.string() }).parse((await bridge.rest('GET', '/feeders/pond-1')).body).presence;
    await eventually(async () => ((await presence()) === 'online' ? true : undefined));
    await agent.stop();
    await eventually(async () => ((await presence()) === 'offline' ? true : undefined), 500);
    await bridge.stop();
  });

  it('ends with one word, and no will after it', async () => {
    const bridge = await openScripted();
    const agent = await openAgent(bridge.url, feeder('pond-1', await openPlc()));
    const { sessionId } = await bridge.take('session', ({ state }) => state === 'started');
    await bridge.take('config');
    await agent.stop();
    const ended = bridge.received.flatMap((message) => (message.topic === 'session' ? [message.payload] : []));
    expect(ended).toEqual([{ sessionId, state: 'ended', reason: 'shutdown' }]);
  });

  it('is one for each feeder; a bad token of one keeps no other from working', async () => {
    const bridge = await startTestBridge({ LEASE_SECONDS: '1' });
    const [plc, other] = [await openPlc(), await openPlc()];
    const token = await bridge.enrol('pond-1');
    await bridge.enrol('pond-2');
    await openAgent(bridge.wsUrl, feeder('pond-1', plc, { token }), feeder('pond-2', other, { token: 'wrong' }));
    await expect.poll(async () => (await bridge.rest('PATCH', '/feeders/pond-1/config', { body: { mealGrams: 150 } })).status).toBe(200);
    expect((await bridge.rest('PATCH', '/feeders/pond-2/config', { body: { mealGrams: 151 } })).status).toBe(409);
    expect([plc.panel.get('mealGrams'), other.panel.get('mealGrams')]).toEqual([150, 100]);
  });

  it('is one for each feeder, also where two share a Modbus address: each has its own unit', async () => {
    const bridge = await openScripted();
    const plc = await openPlc(7);
    await openAgent(bridge.url, feeder('pond-1', plc, { unitId: 7 }), feeder('pond-2', plc, { unitId: 8 }));
    await bridge.take('config');
    const clients = await eventually(() => {
      const ids = new Set(bridge.received.flatMap(({ topic, clientId, feederId }) => (topic === 'heartbeat' ? [`${clientId}:${feederId}`] : [])));
      return ids.size === 2 ? [...ids].sort() : undefined;
    });
    expect(clients).toEqual(['pond-1:pond-1', 'pond-2:pond-2']);
    const [here, there] = await Promise.all([
      bridge.ask('pond-1', bridge.change({ mealGrams: 160, spreaderPercent: 61 })),
      bridge.ask('pond-2', bridge.change({ mealGrams: 161, spreaderPercent: 62 })),
    ]);
    expect(here).toMatchObject({ outcome: 'applied', readBack: { mealGrams: 160, spreaderPercent: 61 } });
    expect(there).toMatchObject({ outcome: 'rejected', reason: { code: 'plc-unreachable' } });
    expect(plc.panel.get('mealGrams')).toBe(160);
  });
});
