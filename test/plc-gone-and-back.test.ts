import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './support/bridge.ts';
import { configWhen, feederWhen, openSystem, ProblemBody, type WholeSystem } from './support/whole-system.ts';

const KNOWN_WITHIN_MS = 5_000;

describe('a PLC that is gone for a while', () => {
  let system: WholeSystem;
  beforeAll(async () => {
    system = await openSystem();
  });
  afterAll(() => system.dispose());

  it('is told as unreachable, its readings as stale, changes are refused at once, and all is well when it is back', async () => {
    await feederWhen(system, ({ plc, state }) => plc === 'ok' && state !== null);
    await system.plc.disconnect();
    const gone = await feederWhen(system, ({ plc, state }) => plc === 'unreachable' && state?.quality['hopperGrams'] === 'stale', 2_000);
    expect(gone.presence).toBe('online');
    expect(gone.state?.values['hopperGrams']).toBe(25_000);
    const { status, body } = await system.change({ mealGrams: 200 });
    expect([status, ProblemBody.parse(body).code]).toEqual([409, 'plc-unreachable']);

    await system.plc.reconnect();
    await feederWhen(system, ({ plc, state }) => plc === 'ok' && state?.quality['hopperGrams'] === undefined, KNOWN_WITHIN_MS);
    expect((await system.change({ mealGrams: 210 })).status).toBe(200);
    expect(system.plc.writes.map(({ values }) => values)).toEqual([[210]]);
  });

  it('in the middle of a change leaves it without an outcome, which is known within 5 s of its return', async () => {
    system.plc.faults.silence({ mode: 'act', meets: 'write' });
    const accepted = system.bridge.rest('PATCH', '/feeders/pond-1/config', { body: { mealGrams: 220 }, headers: { Prefer: 'respond-async' } });
    await eventually(() => (system.plc.panel.get('mealGrams') === 220 ? true : undefined));
    await system.plc.disconnect();
    system.plc.faults.clear();
    expect((await accepted).status).toBe(202);
    // Long enough for the back-off to have grown to its longest.
    await delay(3_500);
    const [pending] = await system.commands();
    expect(pending?.state).toBe('sent');
    await system.plc.reconnect();
    const outcome = await system.outcome(pending?.commandId ?? '', KNOWN_WITHIN_MS);
    expect(outcome).toMatchObject({ state: 'applied', readBack: { mealGrams: 220 } });
  });

  it('and comes back with its defaults is told as changed on the spot', async () => {
    const before = await configWhen(system, ({ values }) => values['mealGrams'] === 220);
    await system.plc.disconnect();
    system.plc.resetToDefaults();
    await system.plc.reconnect();
    const after = await configWhen(system, ({ values }) => values['mealGrams'] === 100, KNOWN_WITHIN_MS);
    expect(after.source).toBe('local');
    expect(after.version).toBeGreaterThan(before.version);
  });

  it('before the agent starts is found when it comes', async () => {
    await system.stopAgent();
    await system.plc.disconnect();
    await system.startAgent();
    await feederWhen(system, ({ presence, plc }) => presence === 'online' && plc === 'unreachable');
    system.plc.panel.set('mealGrams', 66);
    await system.plc.reconnect();
    await feederWhen(system, ({ plc }) => plc === 'ok', KNOWN_WITHIN_MS);
    expect(await configWhen(system, ({ values }) => values['mealGrams'] === 66)).toMatchObject({ source: 'start' });
  });
});
