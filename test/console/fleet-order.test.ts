import { signal } from '@preact/signals';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Wanted } from '../../console/fleet/arrangement.ts';
import { FleetOrder, HELD_MS, type Page } from '../../console/fleet/fleet-order.ts';
import type { Standing } from '../../console/fleet/standing.ts';

const feeder = (feederId: string, presence: Standing['presence'] = 'online'): Standing => ({
  feederId,
  name: feederId,
  site: 'farm',
  presence,
  plc: 'ok',
  isPaused: false,
  worstAlarm: 'none',
  isHopperSoonEmpty: false,
});

/** A page whose frames and time go on when a test says so. */
class StillPage implements Page {
  ms = 0;
  isSheetOpen = false;
  frames: (() => void)[] = [];
  #waits = new Set<{ atMs: number; then: () => void }>();
  nextFrame = (then: () => void): (() => void) => {
    this.frames.push(then);
    return () => (this.frames = this.frames.filter((each) => each !== then));
  };
  after = (ms: number, then: () => void): (() => void) => {
    const wait = { atMs: this.ms + ms, then };
    this.#waits.add(wait);
    return () => this.#waits.delete(wait);
  };
  nowMs = (): number => this.ms;
  isAnswering = (): boolean => this.isSheetOpen;

  frame(): void {
    for (const then of this.frames.splice(0)) then();
  }

  pass(ms: number): void {
    this.ms += ms;
    for (const wait of [...this.#waits].filter(({ atMs }) => atMs <= this.ms)) {
      this.#waits.delete(wait);
      wait.then();
    }
  }
}

function follow() {
  const page = new StillPage();
  const standings = signal<readonly Standing[]>([feeder('a'), feeder('b'), feeder('c')]);
  const wanted = signal<Wanted>({ query: '', site: undefined, concerns: new Set(), groupBy: 'none', sortBy: 'attention', language: 'en' });
  const order = new FleetOrder(standings, wanted, page);
  onTestFinished(order.start());
  const shown = (): string => order.shown.value.flatMap(({ feederIds }) => feederIds).join('');
  const sink = (feederId: string): void => {
    standings.value = standings.value.map((each) => (each.feederId === feederId ? feeder(feederId, 'offline') : each));
  };
  return { page, standings, wanted, order, shown, sink };
}

describe('the order of the fleet', () => {
  it('takes changes in once a frame', () => {
    const { page, shown, sink } = follow();
    sink('c');
    sink('b');
    expect([shown(), page.frames.length]).toEqual(['abc', 1]);
    page.frame();
    expect(shown()).toBe('bca');
  });

  it('waits while somebody points at the list, and catches up when they leave', () => {
    const { page, order, shown, sink } = follow();
    order.hold('pointing');
    sink('c');
    page.frame();
    expect([shown(), order.isWaiting.value]).toEqual(['abc', true]);
    order.release('pointing');
    expect([shown(), order.isWaiting.value]).toEqual(['cab', false]);
  });

  it('goes on once a pointer has lain still for long', () => {
    const { page, order, shown, sink } = follow();
    order.hold('pointing');
    sink('c');
    page.frame();
    page.pass(HELD_MS.pointing - 1);
    expect(shown()).toBe('abc');
    page.pass(1);
    expect(shown()).toBe('cab');
  });

  it('keeps waiting for the focus when the pointer leaves', () => {
    const { page, order, shown, sink } = follow();
    order.hold('focus');
    order.hold('pointing');
    sink('c');
    page.frame();
    order.release('pointing');
    expect(shown()).toBe('abc');
    order.release('focus');
    expect(shown()).toBe('cab');
  });

  it('waits as long as a sheet is open', () => {
    const { page, shown, sink } = follow();
    page.isSheetOpen = true;
    sink('c');
    page.frame();
    page.pass(10 * HELD_MS.focus);
    expect(shown()).toBe('abc');
    page.isSheetOpen = false;
    page.pass(1_000);
    expect(shown()).toBe('cab');
  });

  it('shows at once what somebody asks for, and the first feeders', () => {
    const { order, standings, wanted, shown, sink } = follow();
    order.hold('focus');
    sink('c');
    wanted.value = { ...wanted.value, query: 'c' };
    expect(shown()).toBe('c');
    wanted.value = { ...wanted.value, query: 'd' };
    expect(shown()).toBe('');
    standings.value = [...standings.value, feeder('d')];
    expect(shown()).toBe('d');
  });

  it('is no longer waiting when all is as it was again', () => {
    const { page, order, standings, sink } = follow();
    const before = standings.value;
    order.hold('focus');
    sink('c');
    page.frame();
    expect(order.isWaiting.value).toBe(true);
    standings.value = before;
    page.frame();
    expect(order.isWaiting.value).toBe(false);
  });

  it('follows no more once it is stopped', () => {
    const page = new StillPage();
    const standings = signal<readonly Standing[]>([feeder('a'), feeder('b')]);
    const order = new FleetOrder(standings, signal<Wanted>({ query: '', site: undefined, concerns: new Set(), groupBy: 'none', sortBy: 'attention', language: 'en' }), page);
    const stop = order.start();
    standings.value = [feeder('a'), feeder('b', 'offline')];
    stop();
    page.frame();
    expect(order.shown.value[0]?.feederIds).toEqual(['a', 'b']);
  });
});
