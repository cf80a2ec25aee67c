import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BridgeTime } from '../agent/clock.ts';

const BEAT_SECONDS = 20;
const START_MS = 1_800_000_000_000;

/** A farm PC and the bridge's true time beside it. */
class World {
  trueMs = START_MS;
  wallMs: number;
  monotonicMs = 5_000;
  readonly time: BridgeTime;

  constructor(wallMs: number) {
    this.wallMs = wallMs;
    this.time = new BridgeTime({ wallMs: () => this.wallMs, monotonicMs: () => this.monotonicMs }, BEAT_SECONDS);
  }
  pass(ms: number): void {
    this.sleep(ms);
    this.monotonicMs += ms;
  }
  /** The machine is suspended: its monotonic clock stands still. */
  sleep(ms: number): void {
    this.trueMs += ms;
    this.wallMs += ms;
  }
  /** One beat: on its way, answered, on its way back; `during` happens on the way back. */
  beat(thereMs: number, backMs: number, during: () => void = () => undefined): void {
    const sentAt = this.time.moment();
    this.pass(thereMs);
    const bridgeAtMs = Math.floor(this.trueMs);
    during();
    this.pass(backMs);
    this.time.take(sentAt, bridgeAtMs);
  }
}

type Step =
  | { kind: 'pass'; ms: number }
  | { kind: 'sleep'; ms: number }
  | { kind: 'adjust'; ms: number }
  | { kind: 'beat'; thereMs: number; backMs: number; sleepMs: number };
const trip = fc.double({ min: 0, max: 5_000, noNaN: true });
const elapsed = fc.oneof(fc.double({ min: 0, max: 1_500, noNaN: true }), fc.double({ min: 0, max: 100_000, noNaN: true }));
const beat = (longestSleepMs: number): fc.Arbitrary<Step> =>
  fc.record({ kind: fc.constant('beat' as const), thereMs: trip, backMs: trip, sleepMs: fc.double({ min: 0, max: longestSleepMs, noNaN: true }) });
const step = (kind: 'pass' | 'sleep' | 'adjust', ms: fc.Arbitrary<number>): fc.Arbitrary<Step> => fc.record({ kind: fc.constant(kind), ms });
// A clock set back by just as long as the machine slept cannot be told from one that was left alone.
const adjusted = fc.array(fc.oneof(beat(0), step('pass', elapsed), step('adjust', fc.double({ min: -1e7, max: 1e7, noNaN: true }))), { maxLength: 12 });
const suspended = fc.array(fc.oneof(beat(3_000), step('pass', elapsed), step('sleep', elapsed)), { maxLength: 12 });

function follow(world: World, steps: Step[], look: () => void): void {
  for (const taken of steps) {
    if (taken.kind === 'pass') world.pass(taken.ms);
    else if (taken.kind === 'sleep') world.sleep(taken.ms);
    else if (taken.kind === 'adjust') world.wallMs += taken.ms;
    else world.beat(taken.thereMs, taken.backMs, () => world.sleep(taken.sleepMs));
    look();
  }
}

describe('the bridge’s time on a farm PC', () => {
  it('never has a command in time that is past its deadline, whatever the trips, clocks and suspensions', () => {
    const wall = fc.integer({ min: 0, max: 2 * START_MS });
    fc.assert(
      fc.property(wall, fc.oneof(adjusted, suspended), (wallMs, steps) => {
        const world = new World(wallMs);
        follow(world, steps, () => {
          expect(world.time.isSurelyBefore(Math.floor(world.trueMs))).not.toBe(true);
          expect(world.time.isSurelyBefore(world.trueMs)).not.toBe(true);
        });
      }),
      { numRuns: 5_000 },
    );
  });

  it('is off by half the round trip at most, as long as the clocks go on', () => {
    fc.assert(
      fc.property(trip, trip, fc.double({ min: 0, max: 59_000, noNaN: true }), (thereMs, backMs, laterMs) => {
        const world = new World(123);
        world.beat(thereMs, backMs);
        world.pass(laterMs);
        const now = world.time.now() ?? NaN;
        expect(Math.abs(now - world.trueMs)).toBeLessThanOrEqual((thereMs + backMs) / 2 + 2.01);
        expect(world.time.isSurelyBefore(world.trueMs + thereMs + backMs + 3)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('goes by the smallest round trip of the last three beats, and is never lost while beats are answered', () => {
    const world = new World(0);
    world.beat(1, 1);
    for (let beats = 0; beats < 20; beats += 1) {
      world.pass(BEAT_SECONDS * 1000 - 50);
      expect(world.time.isKnown()).toBe(true);
      world.beat(40, 10);
      const errorMs = Math.abs((world.time.now() ?? NaN) - world.trueMs);
      if (beats < 2) expect(errorMs).toBeLessThanOrEqual(2);
      if (beats > 3) expect(errorMs).toBeGreaterThan(10);
    }
    world.pass(3 * BEAT_SECONDS * 1000 + 1);
    expect(world.time.isKnown()).toBe(false);
  });

  it('is not known after the clocks parted, nor in a new session, until the next reply', () => {
    for (const part of [(world: World) => world.sleep(1_001), (world: World) => (world.wallMs -= 1_001), (world: World) => world.time.reset()]) {
      const world = new World(START_MS + 1e7);
      world.beat(5, 5);
      expect(world.time.isKnown()).toBe(true);
      part(world);
      expect([world.time.isKnown(), world.time.now(), world.time.isSurelyBefore(Infinity)]).toEqual([false, undefined, undefined]);
      world.beat(5, 5);
      expect(world.time.now()).toBeGreaterThanOrEqual(world.trueMs - 2);
    }
  });

  it('takes no reply during which the clocks parted', () => {
    const world = new World(0);
    world.beat(5, 5, () => world.sleep(2_000));
    expect(world.time.isKnown()).toBe(false);
  });

  it('dates a past moment in the past, even if the wall clock was set back since', () => {
    const world = new World(START_MS);
    const readAt = world.time.moment();
    world.pass(1_000);
    world.wallMs -= 7_200_000;
    world.beat(5, 5);
    expect(world.time.at(readAt)).toBeLessThanOrEqual(world.time.now() ?? NaN);
  });
});
