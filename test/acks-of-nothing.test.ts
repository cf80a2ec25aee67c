import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { machineTimers } from '../machine/timers.ts';
import { Dispatch, UnfitAck } from '../src/commands/dispatch.ts';
import { InFlight } from '../src/commands/in-flight.ts';
import type { CommandStore } from '../src/store/commands.ts';

const unasked = (): Promise<never> => Promise.reject(new Error('expected not to be asked'));

test('acks that name no command that waits for one are asked about a bounded number of times, for each feeder', async () => {
  let nowMs = 0;
  const asked: string[] = [];
  const store: CommandStore = {
    insert: unasked,
    findIdempotent: unasked,
    find: (commandId) => {
      asked.push(commandId);
      return Promise.resolve(undefined);
    },
    unsettled: unasked,
    settle: unasked,
    settleUnsent: unasked,
    configOf: unasked,
  };
  const dispatch = new Dispatch({
    store,
    clock: { now: () => nowMs },
    machine: { monotonicMs: () => nowMs },
    timers: machineTimers,
    resendMs: 60_000,
    inFlight: new InFlight(machineTimers),
    leases: { findAll: unasked },
    publish: () => undefined,
    profileOf: () => null,
    onConfig: () => undefined,
    onSettled: () => undefined,
    onProblem: (error) => {
      throw error;
    },
  });
  const at = new Date(0).toISOString();
  const flood = async (feederId: string): Promise<number> => {
    const before = asked.length;
    for (let time = 0; time < 1_000; time += 1) {
      const ack = { commandId: randomUUID(), outcome: 'applied' as const, at, readBack: {} };
      await expect(dispatch.acknowledged(feederId, ack, nowMs)).rejects.toThrow(UnfitAck);
    }
    return asked.length - before;
  };
  expect(await flood('pond-1')).toBe(100);
  expect(await flood('pond-1')).toBe(0);
  expect(await flood('pond-2')).toBe(100);
  nowMs += 2_000;
  expect(await flood('pond-1')).toBe(10);
  await dispatch.stop();
});
