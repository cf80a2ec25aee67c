import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Asked } from '../../console/api/client.ts';
import type { Command, Problem, ProblemCode } from '../../console/api/shapes.ts';
import { progressAfter, type Asking, type Progress } from '../../console/change/attempt.ts';
import { carryThrough } from '../../console/change/carry-through.ts';

const ID = '1f6e2a1c-0000-4000-8000-000000000001';

/** What becomes of a request on its way: the answer comes; the bridge gets it and the answer is lost; or nothing arrives. */
type Fate = 'answered' | 'answer-lost' | 'lost';

/** A bridge that takes each key once, over a network that loses requests and answers. */
function bridgeBehind(fates: readonly Fate[], outcome: Command['state']) {
  let begun = 0;
  let sawLateOrder = false;
  let nowMs = 0;
  let requests = 0;
  let known: Command | undefined;
  const askings: Asking[] = [];
  const command = (state: Command['state']): Command => ({
    commandId: ID, feederId: 'pond-1', kind: 'feed-now', state, grams: 50, version: null, readBack: {}, previous: {}, reason: null, issuedBy: 'ops',
    issuedAt: '2026-01-31T08:00:00.000Z', expiresAt: '2026-01-31T08:00:10.000Z', ackedAt: null, latencyMs: null, transitions: [],
  });
  const fail = (code: ProblemCode): Asked<Command> => {
    const problem: Problem = { type: 'about:blank', title: code, status: 412, detail: code, code };
    return { ok: false, failure: { kind: 'problem', problem, response: new Response() } };
  };
  const take = (asking: Asking): Asked<Command> => {
    if (known === undefined) {
      if (asking === 'key') return fail('version-mismatch');
      begun += 1;
      if (nowMs >= 30_000) sawLateOrder = true;
      known = command(outcome);
    }
    return { ok: true, data: known, response: new Response() };
  };
  return {
    told: () => ({ begun, sawLateOrder, askings }),
    passMs: (ms: number) => void (nowMs += ms),
    nowMs: () => nowMs,
    ask: (asking: Asking): Promise<Asked<Command>> => {
      const fate = fates[requests] ?? 'answered';
      requests += 1;
      askings.push(asking);
      if (fate === 'lost') return Promise.resolve({ ok: false, failure: { kind: 'no-answer' } });
      const answer = take(asking);
      return Promise.resolve(fate === 'answered' ? answer : { ok: false, failure: { kind: 'no-answer' } });
    },
    look: (): Promise<Asked<Command>> => {
      known = command('applied');
      return Promise.resolve({ ok: true, data: known, response: new Response() });
    },
  };
}

async function outcomeOver(fates: readonly Fate[], outcome: Command['state'], extraMs: number) {
  const bridge = bridgeBehind(fates, outcome);
  let progress: Progress = { kind: 'sending' };
  await carryThrough(new AbortController().signal, {
    ask: bridge.ask,
    look: bridge.look,
    ageMs: bridge.nowMs,
    pause: (ms) => {
      bridge.passMs(ms + extraMs);
      return Promise.resolve();
    },
    progress: () => progress,
    report: (happening) => void (progress = progressAfter(progress, happening)),
  });
  // The compiler does not see that it was reported meanwhile.
  return { ...bridge.told(), progress: progress as Progress };
}

const anyFates = fc.array(fc.constantFrom<Fate[]>('answered', 'answer-lost', 'lost'), { maxLength: 10 });

describe('carrying a change through', () => {
  it('begins it once at most and always learns the truth, whatever the network loses', async () => {
    await fc.assert(
      fc.asyncProperty(anyFates, fc.constantFrom<Command['state'][]>('applied', 'sent', 'rejected', 'indeterminate'), fc.integer({ min: 0, max: 60_000 }), async (fates, outcome, extraMs) => {
        const { begun, sawLateOrder, progress } = await outcomeOver(fates, outcome, extraMs);
        expect(begun).toBeLessThanOrEqual(1);
        expect(sawLateOrder).toBe(false);
        if (progress.kind !== 'ended') throw new Error(`expected an end, got ${progress.kind}`);
        expect(progress.ending.kind).toBe(begun === 0 ? 'never-arrived' : outcome === 'sent' ? 'applied' : outcome);
      }),
      { numRuns: 200 },
    );
  });

  it('sends the order again soon after, and later only asks what became of its key', async () => {
    expect((await outcomeOver(['lost', 'lost'], 'applied', 0)).askings).toEqual(['order', 'order', 'order']);
    const late = await outcomeOver(['lost', 'lost'], 'applied', 60_000);
    expect(late.askings).toEqual(['order', 'key', 'key']);
    expect(late.progress).toEqual({ kind: 'ended', ending: { kind: 'never-arrived' } });
  });
});
