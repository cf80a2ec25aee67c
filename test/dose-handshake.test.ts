import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DoseReading } from '../agent/journal/entry.ts';
import { ModbusConnection } from '../agent/modbus/connection.ts';
import { notDone } from '../agent/plc/action-result.ts';
import { because } from '../agent/plc/change-reasons.ts';
import { Overtaken } from '../agent/plc/controls.ts';
import { nextToken } from '../agent/plc/dose-token.ts';
import { Dose, type DoseControls } from '../agent/plc/dose.ts';
import { Plc } from '../agent/plc/plc.ts';
import type { RegisterMap } from '../agent/plc/register-map.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { readMap } from './support/whole-system.ts';

const PLC_TIMEOUT_MS = 150;
const GRAMS = 40;
/** Where the reference map has token and grams, and the coil that clears alarms, which every scan takes back. */
const [TOKEN, CLEAR_ALARMS] = [20, 10];

/** What happens at a moment of a dose: `read 2` is after the second reading, `pause 1` before the first pause, `time 1` when the time is first waited for. */
type Happenings = Partial<Record<string, () => unknown>>;

let map: RegisterMap;
let simulated: SimulatedPlc;
let connection: ModbusConnection;
let plc: Plc;
let inTime: boolean | undefined;
let begun: { token: number; before: DoseReading } | undefined;
let lastJournaled: number | undefined;

async function start(its: RegisterMap): Promise<void> {
  map = its;
  simulated = await SimulatedPlc.start({ map, port: 0, speed: 100 });
  connection = new ModbusConnection({ host: '127.0.0.1', port: simulated.port, timeoutMs: PLC_TIMEOUT_MS });
  plc = new Plc(connection, 1, map);
}
async function end(): Promise<void> {
  await connection.close();
  await simulated.stop();
}
beforeEach(async () => {
  inTime = true;
  begun = lastJournaled = undefined;
  await start(await readMap());
  // It has fed before.
  for (const [name, value] of [['lastToken', 100], ['mealCount', 7], ['totalGrams', 900], ['feedingEnabled', false]] as const) {
    simulated.panel.set(name, value);
  }
});
afterEach(end);

const controls = (happenings: Happenings = {}): DoseControls => {
  const counts: Record<string, number> = {};
  const numbered = (what: string) => happenings[`${what} ${(counts[what] = (counts[what] ?? 0) + 1)}`]?.();
  return {
    isInTime: () => inTime,
    timeKnown: async () => {
      await numbered('time');
      while (inTime === undefined) await delay(1);
    },
    hasRead: () => numbered('read'),
    pause: async (ms) => {
      await numbered('pause');
      await delay(Math.min(ms, 25));
    },
    reached: (point) => numbered(point),
    guard: () => {
      happenings['guard']?.();
      return Promise.resolve(undefined);
    },
    nextToken: (lastToken) => nextToken(lastJournaled, lastToken),
    begin: (token, before) => {
      begun = { token, before };
      lastJournaled = token;
      happenings['begin']?.();
      return Promise.resolve();
    },
  };
};
const feed = (happenings: Happenings = {}, grams = GRAMS) => new Dose(plc, grams, controls(happenings)).run();
const late = () => (inTime = false);
const timeIsLost = () => (inTime = undefined);
const taken = () => simulated.doses.map(({ token, grams }) => [token, grams]);
/** The orders for a dose that came in, and whether each took effect. */
const orders = () => simulated.writes.filter(({ values }) => values.length === 2).map(({ values, acted }) => [...values, acted]);
const loseMemory = () => {
  for (const name of ['lastToken', 'mealCount', 'totalGrams', 'refused', 'token', 'grams']) simulated.panel.set(name, 0);
};
/** Resolves when the PLC has run a scan from its beginning. */
async function scanned(): Promise<void> {
  await connection.writeBits(1, CLEAR_ALARMS, [true]);
  await expect.poll(() => connection.readBits(1, 'coil', CLEAR_ALARMS, 1, 'read'), { interval: 5 }).toEqual([false]);
}

const APPLIED = { outcome: 'applied' };
const expired = { outcome: 'expired', reason: { code: 'expired' } };
const rejected = (code: string) => ({ outcome: 'rejected', reason: { code } });

describe('a dose', () => {
  it('is fed once, by token and grams in one request, and journaled before', async () => {
    expect(await feed({ begin: () => expect(simulated.writes).toEqual([]) })).toEqual(APPLIED);
    expect(begun).toEqual({ token: 101, before: { lastToken: 100, refused: 0, meals: { count: 7, totalGrams: 900 } } });
    expect(taken()).toEqual([[101, GRAMS]]);
    expect(simulated.writes).toMatchObject([{ table: 'holding', address: TOKEN, values: [101, GRAMS] }]);
  });

  it('after another has another token, over the end of the numbers too', async () => {
    simulated.panel.set('token', 65534);
    simulated.panel.set('lastToken', 65534);
    for (let dose = 0; dose < 3; dose += 1) expect(await feed()).toEqual(APPLIED);
    expect(taken().map(([token]) => token)).toEqual([65535, 1, 2]);
  });

  it('refused and counted is told as refused', async () => {
    simulated.panel.set('motorJam', true);
    expect(await feed()).toMatchObject(rejected('dose-refused'));
    expect(simulated.show()).toMatchObject({ lastToken: 101, refused: 1 });
  });

  it.each([
    ['more than the register holds', 70_000],
    ['not a whole gram', 0.5],
    ['next to nothing', 1e-9],
  ])('of %s is out of range', async (_, grams) => {
    expect(await feed({}, grams)).toMatchObject(rejected('out-of-range'));
    expect(begun).toBeUndefined();
  });

  it('that a guard forbids is not journaled, nor written; the guard sees what the PLC holds', async () => {
    const seen: DoseReading[] = [];
    const guard = (before: DoseReading) => {
      seen.push(before);
      return Promise.resolve(notDone('rejected', because('minimum-gap', 'too soon')));
    };
    expect(await new Dose(plc, GRAMS, { ...controls(), guard }).run()).toMatchObject(rejected('minimum-gap'));
    expect([seen[0]?.lastToken, begun, simulated.writes]).toEqual([100, undefined, []]);
  });

  it('that cannot be journaled is not written', async () => {
    const begin = () => Promise.reject(new Error('disk full'));
    expect(await new Dose(plc, GRAMS, { ...controls(), begin }).run()).toMatchObject(rejected('journal-unavailable'));
    expect(simulated.writes).toEqual([]);
  });

  it('that a pause overtakes before it is begun is left as it was', async () => {
    const begin = () => Promise.reject(new Overtaken('a pause came first'));
    await expect(new Dose(plc, GRAMS, { ...controls(), begin }).run()).rejects.toThrow(Overtaken);
    expect(simulated.writes).toEqual([]);
  });

  it.each(['read 1', 'guard', 'begin'])('too late at %s is not written', async (moment) => {
    expect(await feed({ [moment]: late })).toMatchObject(expired);
    expect(simulated.writes).toEqual([]);
  });

  it('whose deadline passes while it waits behind a poll is not written', async () => {
    const begin = () => {
      simulated.faults.delay({ ms: PLC_TIMEOUT_MS / 2, times: 1 });
      void connection.readWords(1, 'input', 0, 1, 'read');
      setTimeout(late, 1);
      return Promise.resolve();
    };
    expect(await new Dose(plc, GRAMS, { ...controls(), begin }).run()).toMatchObject(expired);
    expect(simulated.writes).toEqual([]);
  });
});

describe('a PLC', () => {
  it('that never refuses needs no counter', async () => {
    const { dose } = map;
    await end();
    await start({ ...map, dose: dose && { ...dose, refused: undefined } });
    simulated.panel.set('motorJam', true);
    expect(await feed()).toEqual(APPLIED);
    expect(begun?.before).toEqual({ lastToken: 0, meals: { count: 0, totalGrams: 0 } });
    expect(taken()).toEqual([[1, GRAMS]]);
  });

  it('with the grams before the token, in tenths and two registers, is fed as well', async () => {
    const { dose } = map;
    await end();
    const place = { table: 'holding', offset: 0, wordOrder: 'little' } as const;
    const grams = { ...place, address: 30, type: 'uint32', scale: 0.1 } as const;
    const token = { ...place, address: 32, type: 'uint16', scale: 1 } as const;
    await start({ ...map, meals: undefined, dose: dose && { ...dose, grams, token } });
    expect(await feed({}, 7000.5)).toEqual(APPLIED);
    expect(simulated.writes).toMatchObject([{ address: 30, values: [70005 - 65536, 1, 1] }]);
    expect(taken()).toEqual([[1, 7000.5]]);
  });

  it('out of reach is not written to', async () => {
    await simulated.disconnect();
    await expect.poll(() => feed()).toMatchObject(rejected('plc-unreachable'));
    expect(begun).toBeUndefined();
  });

  it('out of reach once it is journaled gets nothing, and that is known', async () => {
    const reach = () => plc.readDose().then(() => 'reached', () => 'out of reach');
    const begin = async () => {
      await simulated.disconnect();
      await expect.poll(reach).toBe('out of reach');
    };
    expect(await new Dose(plc, GRAMS, { ...controls(), begin }).run()).toMatchObject(rejected('plc-unreachable'));
    expect(simulated.writes).toEqual([]);
  });

  it('that refuses to be read before is not written to; one lost answer is forgiven', async () => {
    simulated.faults.exception('lastToken', 4, 'read');
    expect(await feed()).toMatchObject({ ...rejected('plc-exception'), reason: { exceptionCode: 4 } });
    simulated.faults.clear();
    simulated.faults.silence({ mode: 'swallow', times: 1 });
    expect(await feed()).toEqual(APPLIED);
  });

  it('that loses the order is asked again, with the same token', async () => {
    simulated.faults.silence({ mode: 'swallow', meets: 'write', times: 2 });
    expect(await feed()).toEqual(APPLIED);
    expect(orders()).toEqual([[101, GRAMS, false], [101, GRAMS, false], [101, GRAMS, true]]);
    expect(taken()).toEqual([[101, GRAMS]]);
  });

  it('whose answer is lost is not asked again', async () => {
    simulated.faults.silence({ mode: 'act', meets: 'write', times: 1 });
    expect(await feed()).toEqual(APPLIED);
    expect(orders()).toEqual([[101, GRAMS, true]]);
    expect(taken()).toEqual([[101, GRAMS]]);
  });

  it('that is silent past the deadline is waited for, and what it holds then tells', async () => {
    for (const [mode, outcome, doses] of [['swallow', expired, 0], ['act', APPLIED, 1]] as const) {
      inTime = true;
      const silent = () => {
        late();
        simulated.faults.silence({ mode });
      };
      expect(await feed({ 'writing 1': silent, 'pause 2': () => simulated.faults.clear() })).toMatchObject(outcome);
      expect(simulated.doses).toHaveLength(doses);
    }
  });

  it.each([
    { what: 'refuses every write', outcome: rejected('plc-exception'), set: () => simulated.faults.exception('token', 3, 'write') },
    { what: 'answers no write', outcome: expired, set: () => simulated.faults.silence({ mode: 'swallow', meets: 'write' }) },
  ])('that $what but can be read has no token waiting, so the outcome is known', async ({ outcome, set }) => {
    set();
    expect(await feed({ 'pause 2': late })).toMatchObject(outcome);
    expect([taken(), simulated.panel.get('token')]).toEqual([[], 0]);
  });

  it('that refuses the order with an exception feeds nothing', async () => {
    // Grams alone, so that the token can be set back.
    simulated.faults.exception('grams', 6, 'write');
    expect(await feed()).toMatchObject({ ...rejected('plc-exception'), reason: { exceptionCode: 6 } });
    expect([taken(), simulated.panel.get('token')]).toEqual([[], 100]);
  });

  it('in STOP takes nothing: the token is withdrawn at the deadline, and stays without effect', async () => {
    simulated.faults.scan();
    expect(await feed({ 'pause 4': late })).toMatchObject(expired);
    expect(orders()).toHaveLength(1);
    simulated.faults.scan(false);
    await scanned();
    expect([taken(), simulated.show()]).toMatchObject([[], { token: 100, lastToken: 100, refused: 0 }]);
    inTime = true;
    expect(await feed()).toEqual(APPLIED);
    expect(taken()).toEqual([[102, GRAMS]]);
  });

  it('that takes the token between the deadline and its withdrawal has fed', async () => {
    simulated.faults.scan();
    const outcome = await feed({
      'pause 2': () => {
        late();
        simulated.faults.silence({ mode: 'swallow', meets: 'write', times: 1 });
      },
      // The withdrawal was lost; the PLC goes on meanwhile.
      'pause 3': async () => {
        simulated.faults.scan(false);
        await scanned();
      },
    });
    expect(outcome).toEqual(APPLIED);
    expect(taken()).toEqual([[101, GRAMS]]);
  });

  it('is not given up while its token waits in a PLC that refuses to have it set back', async () => {
    simulated.faults.scan();
    const refuse = () => {
      late();
      simulated.faults.exception('token', 2, 'write');
    };
    // More than a minute of them.
    let pauses = 0;
    const pause = () => {
      if ((pauses += 1) === 150) simulated.faults.exception('token', undefined);
      return Promise.resolve();
    };
    expect(await new Dose(plc, GRAMS, { ...controls({ 'written 1': refuse }), pause }).run()).toMatchObject(expired);
    expect(pauses).toBeGreaterThan(150);
    simulated.faults.scan(false);
    await scanned();
    expect([taken(), simulated.show()]).toMatchObject([[], { token: 100, lastToken: 100 }]);
  });

  it('is indeterminate where the PLC lost its memory just after it showed the token', async () => {
    expect(await feed({ 'read 2': loseMemory })).toEqual({ outcome: 'indeterminate' });
  });

  it('is given up, as indeterminate, when the PLC says for a minute that it has no lastToken', async () => {
    simulated.faults.exception('lastToken', 2, 'read');
    let pausedMs = 0;
    const pause = (ms: number) => Promise.resolve(void (pausedMs += ms));
    const before = { lastToken: 100, refused: 0, meals: { count: 7, totalGrams: 900 } };
    expect(await new Dose(plc, GRAMS, { ...controls(), pause }).resume(101, before)).toEqual({ outcome: 'indeterminate' });
    expect(pausedMs).toBeGreaterThan(59_000);
  });

  it.each([['lastToken', 6], ['lastToken', 4], ['token', 6], ['token', 4]] as const)(
    'that refuses %s with exception %i after the order is asked for as long as it does, and never feeds it',
    async (name, exceptionCode) => {
      simulated.faults.scan();
      const refuse = () => {
        late();
        simulated.faults.exception(name, exceptionCode);
      };
      expect(await feed({ 'written 1': refuse, 'pause 8': () => simulated.faults.exception(name, undefined) })).toMatchObject(expired);
      simulated.faults.scan(false);
      await scanned();
      expect([taken(), simulated.show()]).toMatchObject([[], { token: 100, lastToken: 100 }]);
    },
  );

  it('whose scan takes a second may still take a token that was withdrawn', async () => {
    let waitedMs = 0;
    const its = controls({ 'written 1': late });
    simulated.faults.scan();
    await new Dose(plc, GRAMS, { ...its, pause: (ms) => ((waitedMs = ms), its.pause(ms)) }).run();
    expect(waitedMs).toBeGreaterThanOrEqual(1_000);
  });

  it('that shows the token but lost its meal counters has lost its memory: nobody can tell', async () => {
    simulated.faults.scan();
    const lose = async () => {
      simulated.faults.scan(false);
      await scanned();
      simulated.panel.set('totalGrams', 0);
      simulated.panel.set('mealCount', 0);
    };
    expect(await feed({ 'pause 1': lose })).toMatchObject({ outcome: 'indeterminate' });
    expect([simulated.panel.get('lastToken'), Number(simulated.panel.get('totalGrams')) < 900]).toEqual([101, true]);
  });

  it('that ends a scheduled meal meanwhile is no riddle', async () => {
    simulated.faults.silence({ mode: 'swallow', meets: 'write', times: 1 });
    const meal = () => {
      simulated.panel.set('mealCount', 8);
      simulated.panel.set('totalGrams', 1000);
      late();
    };
    expect(await feed({ 'writing 1': meal })).toMatchObject(expired);
  });

  it.each([
    ['the token', () => simulated.panel.set('lastToken', 0)],
    ['its counters', () => simulated.panel.set('totalGrams', 0)],
    ['all of it', loseMemory],
  ])('that loses its memory cannot be told: %s', async (_, lose) => {
    simulated.faults.scan();
    const outcome = await feed({ 'written 1': lose });
    expect(outcome).toMatchObject({ outcome: 'indeterminate' });
    const doses = taken();
    simulated.faults.scan(false);
    await scanned();
    expect(taken()).toEqual(doses);
  });
});

describe("a dose without the bridge's time", () => {
  const known = (isInTime: boolean) => () => (inTime = isInTime);

  it.each([[true, APPLIED, 1], [false, expired, 0]])('waits before it is begun, then in time %s', async (isInTime, outcome, doses) => {
    const time = () => {
      expect(begun).toBeUndefined();
      known(isInTime)();
    };
    expect(await feed({ guard: timeIsLost, 'time 1': time })).toMatchObject(outcome);
    expect(simulated.doses).toHaveLength(doses);
    expect(begun !== undefined).toBe(isInTime);
  });

  it.each([[true, APPLIED, 1], [false, expired, 0]])('waits before it is written, then in time %s', async (isInTime, outcome, doses) => {
    const happenings: Happenings = {};
    const its = controls(happenings);
    const begin = () => {
      simulated.faults.delay({ ms: PLC_TIMEOUT_MS / 3, times: 1 });
      void connection.readWords(1, 'input', 0, 1, 'read');
      setTimeout(timeIsLost, 1);
      return Promise.resolve();
    };
    // Once before it is begun, once before the write; then the write has been withheld.
    happenings['time 3'] = () => {
      expect([inTime, simulated.writes]).toEqual([undefined, []]);
      known(isInTime)();
    };
    expect(await new Dose(plc, GRAMS, { ...its, begin }).run()).toMatchObject(outcome);
    expect(simulated.doses).toHaveLength(doses);
  });

  it.each([[true, APPLIED, 1], [false, expired, 0]])('waits before it is written again, then in time %s', async (isInTime, outcome, doses) => {
    simulated.faults.silence({ mode: 'swallow', meets: 'write', times: 1 });
    expect(await feed({ 'writing 1': timeIsLost, 'time 3': known(isInTime) })).toMatchObject(outcome);
    expect(simulated.doses).toHaveLength(doses);
  });

  it('is not withdrawn from a PLC that has not scanned yet', async () => {
    simulated.faults.scan();
    expect(await feed({ 'written 1': timeIsLost, 'pause 3': () => simulated.faults.scan(false) })).toEqual(APPLIED);
    expect(orders()).toEqual([[101, GRAMS, true]]);
  });
});

describe('a power cut', () => {
  it.each(['read 1', 'begin', 'writing 1', 'written 1', 'read 2', 'pause 1', 'pause 2'])('of the PLC at %s leaves one truth', async (moment) => {
    simulated.faults.scan();
    const outcome = feed({ [moment]: () => simulated.powerCycle(), 'pause 3': () => simulated.faults.scan(false) });
    const goesOn = setTimeout(() => simulated.faults.scan(false), 150);
    const { outcome: told } = await outcome;
    clearTimeout(goesOn);
    await scanned();
    const isFed = simulated.doses.length === 1;
    expect([told, simulated.panel.get('refused')]).toEqual(isFed ? ['applied', 0] : ['rejected', 1]);
  });
});

describe('an agent that starts again', () => {
  const resume = (happenings: Happenings = {}) => {
    if (!begun) throw new Error('expected a dose that was begun');
    return new Dose(plc, GRAMS, controls(happenings)).resume(begun.token, begun.before);
  };
  const crash = new Error('crash');
  const crashing = { 'writing 1': () => { throw crash; } };

  it.each([[true, APPLIED, 1], [false, expired, 0]])('before the order went out, in time %s', async (isInTime, outcome, doses) => {
    await expect(feed(crashing)).rejects.toThrow(crash);
    inTime = isInTime;
    expect(await resume()).toMatchObject(outcome);
    expect(simulated.doses).toHaveLength(doses);
  });

  it.each([true, false])('after the order went out, in time %s: it is fed, and not again', async (isInTime) => {
    await expect(feed({ 'written 1': () => { throw crash; } })).rejects.toThrow(crash);
    await scanned();
    inTime = isInTime;
    expect(await resume()).toEqual(APPLIED);
    expect(taken()).toEqual([[101, GRAMS]]);
  });

  it('when another has used the PLC meanwhile cannot tell', async () => {
    await expect(feed(crashing)).rejects.toThrow(crash);
    await connection.writeWords(1, TOKEN, [300, 10]);
    await scanned();
    expect(await resume()).toMatchObject({ outcome: 'indeterminate' });
    expect(taken()).toEqual([[300, 10]]);
  });
});

it('at its worst, no dose is fed twice, and every outcome is true', async () => {
  const faults = [
    () => simulated.faults.silence({ mode: 'swallow', meets: 'write', times: 1 }),
    () => simulated.faults.silence({ mode: 'act', meets: 'any', times: 2 }),
    () => simulated.faults.silence({ mode: 'swallow', meets: 'read', times: 2 }),
    () => simulated.faults.delay({ ms: PLC_TIMEOUT_MS + 20, times: 2 }),
    () => simulated.faults.exception('grams', 6, 'write'),
    () => simulated.dropConnections(),
    () => simulated.powerCycle(),
    () => simulated.faults.scan(),
    late,
  ];
  for (let round = 0; round < 18; round += 1) {
    inTime = true;
    const before = { doses: simulated.doses.length, refused: Number(simulated.panel.get('refused')) };
    const atMs = Math.random() * 30;
    const fault = setTimeout(() => faults[round % faults.length]?.(), atMs);
    const deadline = setTimeout(late, 400);
    // A PLC stays in STOP no longer than half the rounds' deadline, in every other round.
    const run = setTimeout(() => simulated.faults.scan(round % 2 === 0 && simulated.faults.isScanStopped), 150);
    const result = await feed();
    for (const timer of [fault, deadline, run]) clearTimeout(timer);
    simulated.faults.clear();
    await expect.poll(() => scanned().then(() => true, () => false)).toBe(true);
    const [fed, refused] = [simulated.doses.length - before.doses, Number(simulated.panel.get('refused')) - before.refused];
    const told = result.outcome === 'rejected' ? result.reason.code : result.outcome;
    const truth = fed === 1 ? ['applied'] : refused === 1 ? ['dose-refused'] : ['expired', 'plc-exception', 'plc-unreachable'];
    expect(fed + refused, `round ${round}`).toBeLessThanOrEqual(1);
    expect(truth, `round ${round}`).toContain(told);
  }
});
