import { mkdtemp, rm } from 'node:fs/promises';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Agent } from '../agent/agent.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import type { Point } from '../machine/points.ts';
import type { Ack, Command } from '../topics/commands.ts';
import { eventually } from './support/bridge.ts';
import { ScriptedBridge } from './support/scripted-bridge.ts';
import { readMap, startTestAgent } from './support/whole-system.ts';

let bridge: ScriptedBridge;
let plc: SimulatedPlc;
let dataDir: string;
let agent: Agent | undefined;

async function start(): Promise<string> {
  bridge.received.length = 0;
  agent = await startTestAgent({
    bridge: bridge.url,
    dataDir,
    feeders: [{ feederId: 'pond-1', token: 'secret', plc: { host: '127.0.0.1', port: plc.port, timeoutMs: 200 } }],
  });
  const { journalId } = await bridge.take('session', ({ state }) => state === 'started');
  await bridge.take('config');
  return journalId ?? '';
}

const stop = async (): Promise<void> => {
  await agent?.stop();
  agent = undefined;
};

/** From now on nobody tells the agent anything. */
function goAway(): void {
  bridge.answersBeats = false;
  bridge.cutAll();
}

/** The bridge is back; resolves with what it is told of the command when it asks. */
async function askedAgain(command: Command): Promise<Ack> {
  bridge.received.length = 0;
  bridge.answersBeats = true;
  bridge.cutAll();
  await bridge.take('session', ({ state }) => state === 'started');
  return bridge.ask('pond-1', command);
}

/** Has `act` done when the command comes to a point, before it goes on; resolves then. */
function at(point: Point, { commandId }: Command, act = (): void => undefined): Promise<void> {
  return new Promise((resolve) => {
    const listener = (told: unknown): void => {
      if (JSON.stringify(told) !== JSON.stringify({ point, commandId })) return;
      unsubscribe('feederbridge.command', listener);
      act();
      resolve();
    };
    subscribe('feederbridge.command', listener);
    onTestFinished(() => void unsubscribe('feederbridge.command', listener));
  });
}

beforeEach(async () => {
  bridge = await ScriptedBridge.open();
  plc = await SimulatedPlc.start({ map: await readMap(), port: 0, speed: 100 });
  dataDir = await mkdtemp(join(tmpdir(), 'agent-data-'));
});
afterEach(async () => {
  await stop();
  await plc.stop();
  await bridge.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe('an agent whose bridge is away', () => {
  it('puts half a change back when its deadline has passed', async () => {
    const journalId = await start();
    const change = bridge.change({ mealGrams: 4_000, spreaderPercent: 77 }, { journalId, lifeMs: 1_500 });
    const isHalf = at('written', change, () => {
      plc.faults.silence({ mode: 'swallow', meets: 'write', times: 1 });
      goAway();
    });
    bridge.send('pond-1', change);
    await isHalf;
    expect(plc.show()).toMatchObject({ mealGrams: 4_000, spreaderPercent: 60 });

    await eventually(() => (plc.show()['mealGrams'] === 100 ? true : undefined));
    const readBack = { mealGrams: 100, spreaderPercent: 60 };
    expect(await askedAgain(change)).toMatchObject({ outcome: 'rejected', reason: { code: 'expired' }, readBack, previous: readBack });
  });

  it('withdraws a dose that the PLC has not taken by its deadline', async () => {
    const journalId = await start();
    plc.faults.scan();
    const dose = bridge.feedNow(40, { journalId, lifeMs: 1_500 });
    const isWritten = at('written', dose, goAway);
    bridge.send('pond-1', dose);
    await isWritten;
    expect(plc.show()['token']).toBe(1);

    await eventually(() => (plc.show()['token'] === 0 ? true : undefined));
    plc.faults.scan(false);
    expect(await askedAgain(dose)).toMatchObject({ outcome: 'expired' });
    expect(plc.doses).toEqual([]);
  });

  it.each(['set-config', 'clear-alarms'] as const)('keeps how a %s ended, and does nothing of it again after a stop', async (kind) => {
    const journalId = await start();
    const command = kind === 'set-config' ? bridge.change({ mealGrams: 130 }, { journalId }) : bridge.clearAlarms({ journalId });
    // The link is gone when the answer comes.
    plc.faults.delay({ ms: 100, meets: 'write', times: 1 });
    const isGoingOut = at('writing', command, goAway);
    const isKept = at('finished', command);
    bridge.send('pond-1', command);
    await isGoingOut;
    await isKept;
    await stop();
    plc.panel.set('mealGrams', 90);

    bridge.answersBeats = true;
    await start();
    const { length: writes } = plc.writes;
    expect(await bridge.ask('pond-1', command)).toMatchObject({ commandId: command.commandId, outcome: 'applied' });
    expect([plc.writes.length, plc.show()['mealGrams']]).toEqual([writes, 90]);
  });
});
