import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './support/bridge.ts';
import { openSystem, type WholeSystem } from './support/whole-system.ts';

const BEFORE = { mealGrams: 100, spreaderPercent: 60, oxygenStopMgPerLitre: 5, feedingEnabled: true };

describe('a change of which a part fails', () => {
  let system: WholeSystem;
  beforeAll(async () => {
    system = await openSystem();
  });
  afterAll(() => system.dispose());
  beforeEach(async () => {
    system.plc.faults.clear();
    expect((await system.change(BEFORE)).status).toBe(200);
    system.plc.writes.length = 0;
  });
  const held = () => Object.fromEntries(Object.keys(BEFORE).map((name) => [name, system.plc.panel.get(name)]));
  const written = () => system.plc.writes.map(({ table, address, values }) => [table, address, ...values]);

  it('by an exception is put back whole, and told with the exception, its parameter and all values', async () => {
    system.plc.faults.exception('spreaderPercent', 4, 'write');
    const { etag } = await system.config();
    const { status, body } = await system.change({ mealGrams: 200, spreaderPercent: 70 });
    expect(status).toBe(502);
    expect(body).toMatchObject({
      code: 'command-rejected',
      reason: { code: 'plc-exception', exceptionCode: 4, parameter: 'spreaderPercent' },
      readBack: { mealGrams: 100, spreaderPercent: 60 },
      previous: { mealGrams: 100, spreaderPercent: 60 },
    });
    expect(held()).toEqual(BEFORE);
    expect(written()).toEqual([['holding', 0, 200], ['holding', 7, 70], ['holding', 0, 100]]);
    expect((await system.config()).etag).toBe(etag);
  });

  it('by an exception on its only write has nothing to put back', async () => {
    system.plc.faults.exception('mealGrams', 2, 'write');
    const { status, body } = await system.change({ mealGrams: 200 });
    expect(status).toBe(502);
    expect(body).toMatchObject({ reason: { code: 'plc-exception', exceptionCode: 2 }, readBack: { mealGrams: 100 } });
    expect(written()).toEqual([['holding', 0, 200]]);
  });

  it('because a value does not stick is put back, and named', async () => {
    system.plc.faults.stick('spreaderPercent');
    const { status, body } = await system.change({ mealGrams: 200, spreaderPercent: 70 });
    expect(status).toBe(502);
    expect(body).toMatchObject({
      reason: { code: 'read-back-mismatch', parameter: 'spreaderPercent' },
      readBack: { mealGrams: 100, spreaderPercent: 60 },
    });
    expect(held()).toEqual(BEFORE);
  });

  it('because the PLC clamps a value leaves the clamped one, which is not its own, and tells it', async () => {
    system.plc.faults.clamp('mealGrams', { max: 150 });
    const before = await system.config();
    const { status, body } = await system.change({ mealGrams: 200, spreaderPercent: 70 });
    expect(status).toBe(502);
    expect(body).toMatchObject({ reason: { code: 'read-back-mismatch', parameter: 'mealGrams' }, readBack: { mealGrams: 150, spreaderPercent: 60 } });
    expect(held()).toEqual({ ...BEFORE, mealGrams: 150 });
    const after = await system.config();
    expect(after.values).toMatchObject({ mealGrams: 150, spreaderPercent: 60 });
    expect(after.version).toBeGreaterThan(before.version);
  });

  it('leaves alone what someone set on the panel meanwhile', async () => {
    system.plc.faults.exception('spreaderPercent', 4, 'write');
    system.plc.faults.delay({ ms: 100, meets: 'write', times: 2 });
    const answer = system.change({ mealGrams: 200, spreaderPercent: 70, oxygenStopMgPerLitre: 6 });
    await eventually(() => (system.plc.writes.length === 2 ? true : undefined));
    system.plc.panel.set('mealGrams', 77);
    expect((await answer).body).toMatchObject({ reason: { code: 'plc-exception' }, readBack: { mealGrams: 77, oxygenStopMgPerLitre: 5 } });
    expect(system.plc.panel.get('mealGrams')).toBe(77);
  });

  it('resumes feeding only when all else is back', async () => {
    system.plc.faults.exception('oxygenStopMgPerLitre', 4, 'write');
    expect((await system.change({ feedingEnabled: false, mealGrams: 200, oxygenStopMgPerLitre: 6 })).status).toBe(502);
    expect(held()).toEqual(BEFORE);
    expect(written()).toEqual([['coil', 0, 0], ['holding', 0, 200], ['holding', 9, 60], ['holding', 0, 100], ['coil', 0, 1]]);
  });

  it('stops feeding again before anything else is put back', async () => {
    expect((await system.change({ feedingEnabled: false })).status).toBe(200);
    system.plc.writes.length = 0;
    system.plc.faults.stick('oxygenStopMgPerLitre');
    expect((await system.change({ feedingEnabled: true, mealGrams: 200, oxygenStopMgPerLitre: 6 })).status).toBe(502);
    expect(held()).toEqual({ ...BEFORE, feedingEnabled: false });
    expect(written()).toEqual([['holding', 0, 200], ['holding', 9, 60], ['coil', 0, 1], ['coil', 0, 0], ['holding', 0, 100]]);
  });
});
