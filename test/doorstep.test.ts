import { expect, test } from 'vitest';
import { Doorstep } from '../src/broker/doorstep.ts';

const FARM = '192.0.2.1';

/** A doorstep in a time that the test runs. */
function doorstep(openFiles = 65_536): { step: Doorstep; pass: (ms: number) => void } {
  let nowMs = 0;
  const timers = new Set<{ atMs: number; work: () => void }>();
  const after = (delayMs: number, work: () => void): (() => void) => {
    const timer = { atMs: nowMs + delayMs, work };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  const pass = (ms: number): void => {
    nowMs += ms;
    for (const timer of timers) {
      if (timer.atMs > nowMs) continue;
      timers.delete(timer);
      timer.work();
    }
  };
  return { step: new Doorstep({ monotonicMs: () => nowMs }, { after }, openFiles), pass };
}

test('10,000 agents of one farm may all wait at once, and nobody can keep others out', () => {
  const { step } = doorstep();
  const agents = Array.from({ length: 10_000 }, () => step.enter(FARM));
  expect(agents).not.toContain(undefined);
  const flood = Array.from({ length: 13_000 }, (_, index) => step.enter(`2001:db8::${(index % 0x7fff).toString(16)}`));
  // Its network has no more, and in all there are no more.
  expect(flood.filter((leave) => leave !== undefined)).toHaveLength(10_000);
  expect(step.enter('198.51.100.1')).toBeUndefined();
  // Whoever is let in, or gone, costs nothing.
  for (const leave of agents) leave?.();
  expect(step.enter('198.51.100.1')).toBeDefined();
  const rest = Array.from({ length: 3_000 }, () => step.enter('2001:db8::1'));
  expect(rest.filter((leave) => leave !== undefined)).toHaveLength(2_000);
});

test('where few files may be open, fewer wait, and there is room for those who are let in; a proxy is no network', () => {
  const { step } = doorstep(600);
  expect(step.mostConnections).toBe(300);
  const enter = (address: string, isProxy?: boolean): number =>
    Array.from({ length: 300 }, () => step.enter(address, isProxy)).filter((leave) => leave !== undefined).length;
  expect(enter(FARM)).toBe(180);
  expect(enter('192.0.2.2', true)).toBe(45);
  const { step: behindProxy } = doorstep(600);
  expect(Array.from({ length: 300 }, () => behindProxy.enter(FARM, true)).filter((leave) => leave !== undefined)).toHaveLength(225);
});

test('30 failed logins a minute of one network are answered at once, a hundred more slowly, and the rest not at all', () => {
  const { step, pass } = doorstep();
  let answered = 0;
  const fail = (address: string, times: number): boolean[] => Array.from({ length: times }, () => step.answerFailure(address, () => (answered += 1)));
  expect(fail(FARM, 30)).not.toContain(false);
  expect(answered).toBe(30);
  expect(fail(FARM, 150).filter((isAnswered) => isAnswered)).toHaveLength(100);
  expect(answered).toBe(30);
  pass(999);
  expect(answered).toBe(30);
  expect(fail('198.51.100.1', 1)).toEqual([true]);
  expect(answered).toBe(31);
  pass(1);
  expect(answered).toBe(131);
  pass(60_000);
  fail(FARM, 30);
  expect(answered).toBe(161);
});
