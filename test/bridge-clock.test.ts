import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BridgeClock } from '../src/clock.ts';

/** A machine whose clocks move only as told: time passes, the wall clock is set, the machine sleeps. */
class Machine {
  wall = 1_700_000_000_000;
  monotonic = 5_000;
  wallMs = (): number => this.wall;
  monotonicMs = (): number => this.monotonic;
  pass(ms: number): void {
    this.wall += ms;
    this.monotonic += ms;
  }
}

test('it shows the database’s time, whatever this machine believes', async () => {
  const machine = new Machine();
  const clock = new BridgeClock(machine);
  const databaseMs = machine.wall - 3_600_000;
  await clock.anchor(() => {
    machine.pass(100);
    return Promise.resolve(databaseMs);
  });
  // Half of the round trip lies between the database's answer and now.
  expect(clock.now()).toBe(databaseMs + 50);
  machine.pass(1_000);
  expect(clock.now()).toBe(databaseMs + 1_050);
});

test('it never shows less than what is stored already', () => {
  const machine = new Machine();
  expect(new BridgeClock(machine, machine.wall + 60_000).now()).toBe(machine.wall + 60_000);
});

test('a machine that was suspended does not think itself in time: the wall clock went on', () => {
  const machine = new Machine();
  const clock = new BridgeClock(machine);
  const before = clock.now();
  machine.wall += 600_000;
  expect(clock.now() - before).toBe(600_000);
  expect(clock.needsAnchor()).toBe(true);
});

test.each([
  ['the machine is suspended', (machine: Machine) => (machine.wall += 600_000)],
  ['the bridge is stopped', (machine: Machine) => machine.pass(600_000)],
])('an answer is not taken for a fresh one where %s before it is heard', async (_, stall) => {
  const machine = new Machine();
  const clock = new BridgeClock(machine);
  let asked = 0;
  await clock.anchor(() => {
    asked += 1;
    const databaseMs = machine.wall;
    machine.pass(10);
    if (asked === 1) stall(machine);
    return Promise.resolve(databaseMs);
  });
  expect(asked).toBe(2);
  expect(clock.now()).toBe(machine.wall - 5);
});

test('a wall clock that is set back does not stop the time', () => {
  const machine = new Machine();
  const clock = new BridgeClock(machine);
  const before = clock.now();
  machine.wall -= 7_200_000;
  machine.pass(5_000);
  expect(clock.now() - before).toBe(5_000);
});

test('whatever the clocks do, it never steps back, and epochs always rise', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 60_000 }) }),
    fc.record({ kind: fc.constant('set' as const), ms: fc.integer({ min: -10_000_000, max: 10_000_000 }) }),
    fc.record({ kind: fc.constant('anchor' as const), ms: fc.integer({ min: -10_000_000, max: 10_000_000 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const machine = new Machine();
      const clock = new BridgeClock(machine);
      let time = clock.now();
      let epoch = clock.nextEpoch();
      for (const { kind, ms } of steps) {
        if (kind === 'pass') machine.pass(ms);
        else if (kind === 'set') machine.wall += ms;
        else await clock.anchor(() => Promise.resolve(machine.wall + ms));
        expect(clock.now()).toBeGreaterThanOrEqual(time);
        time = clock.now();
        const next = clock.nextEpoch();
        expect(next).toBeGreaterThan(epoch);
        epoch = next;
      }
    }),
    { numRuns: 1000 },
  );
});
