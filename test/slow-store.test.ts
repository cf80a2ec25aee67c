import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { machineClocks } from '../machine/clocks.ts';
import { machineTimers } from '../machine/timers.ts';
import { Dispatch } from '../src/commands/dispatch.ts';
import { InFlight } from '../src/commands/in-flight.ts';
import { endingWithoutAck } from '../src/commands/life-cycle.ts';
import { MemoryLeases } from '../src/liveness/memory-leases.ts';
import type { CommandStore, StoredCommand } from '../src/store/commands.ts';

const RESEND_MS = 2_000;
const SILENT_MS = 3_000;

const command = (commandId: string, issuedAtMs: number): StoredCommand => ({
  commandId,
  feederId: 'pond-1',
  order: { kind: 'feed-now', grams: 50 },
  version: null,
  expected: null,
  journalId: 'journal',
  issuedBy: 'admin',
  issuedAtMs,
  expiresAtMs: issuedAtMs + 10_000,
  traceparent: null,
  ending: null,
});
const refused = (commandId: string): StoredCommand => ({
  ...command(commandId, 0),
  ending: endingWithoutAck('refused', { code: 'store-unavailable', message: 'it was never sent' }, 0),
});
const journey = { requestId: undefined, timeline: {} };

/** Answers nothing, but says after a while that it does not know. */
class Silence {
  asked = 0;
  atOnce = 0;
  mostAtOnce = 0;

  async ask(): Promise<never> {
    this.asked += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, (this.atOnce += 1));
    await new Promise((resolve) => setTimeout(resolve, SILENT_MS));
    this.atOnce -= 1;
    throw new Error('expected the store to answer');
  }
}

function startDispatch() {
  const leases = new MemoryLeases(3);
  const silence = new Silence();
  const ask = () => silence.ask();
  const store: CommandStore = { insert: ask, findIdempotent: ask, find: ask, unsettled: ask, settle: ask, settleUnsent: ask, configOf: ask };
  const sentAtMs: number[] = [];
  const problems: unknown[] = [];
  const dispatch = new Dispatch({
    store,
    clock: { now: () => Date.now() },
    machine: machineClocks,
    timers: machineTimers,
    resendMs: RESEND_MS,
    inFlight: new InFlight(machineTimers),
    leases,
    publish: () => sentAtMs.push(Date.now()),
    profileOf: () => null,
    onConfig: () => undefined,
    onSettled: () => undefined,
    onProblem: (error) => problems.push(error),
  });
  onTestFinished(() => leases.close());
  const hold = () => leases.hold({ feederId: 'pond-1', sessionId: 'session', bridgeId: 'bridge', epoch: 1 });
  return { dispatch, hold, silence, sentAtMs, problems };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a command whose storing took long is not sent to a feeder whose lease is over meanwhile; once it is held again, it is', async () => {
  const { dispatch, hold, sentAtMs } = startDispatch();
  await dispatch.begin(command('slow', Date.now() - 300), journey);
  await vi.advanceTimersByTimeAsync(RESEND_MS);
  expect(sentAtMs).toEqual([]);
  await hold();
  await vi.advanceTimersByTimeAsync(RESEND_MS / 4);
  expect(sentAtMs).toHaveLength(1);
});

test('with a lease it is sent at once; and where storing was quick, no lease is looked at again', async () => {
  const { dispatch, hold, sentAtMs } = startDispatch();
  void dispatch.begin(command('quick', Date.now()), journey);
  expect(sentAtMs).toHaveLength(1);
  await hold();
  await dispatch.begin(command('slow', Date.now() - 300), journey);
  expect(sentAtMs).toHaveLength(2);
});

test('a database that is silent about what was given up holds up no sending, and is asked one thing at a time', async () => {
  const { dispatch, hold, silence, sentAtMs, problems } = startDispatch();
  for (const commandId of ['one', 'other']) dispatch.abandon(refused(commandId));
  await hold();
  const beganMs = Date.now();
  await dispatch.begin(command('sent', beganMs), journey);
  for (let beats = 0; beats < 12; beats++) {
    await vi.advanceTimersByTimeAsync(1_000);
    await hold();
  }
  const gapsMs = sentAtMs.slice(1).map((atMs, index) => atMs - (sentAtMs[index] ?? 0));
  expect(sentAtMs.length).toBeGreaterThanOrEqual(5);
  for (const gapMs of gapsMs) expect(gapMs).toBeLessThanOrEqual(RESEND_MS + RESEND_MS / 4);
  expect(silence.asked).toBeGreaterThan(2);
  expect(silence.mostAtOnce).toBe(1);
  expect(problems.length).toBe(silence.asked - 1);

  // what is being asked is waited for when the bridge stops, and asked once more
  let isOver = false;
  const stopped = dispatch.stop().then(() => (isOver = true));
  await vi.advanceTimersByTimeAsync(SILENT_MS - 1);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(SILENT_MS + 1);
  await stopped;
  expect(silence.atOnce).toBe(0);
});
