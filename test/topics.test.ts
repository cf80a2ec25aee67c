import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FeederId } from '../topics/identifiers.ts';
import { checkValue, sameValue, type Parameter } from '../topics/parameters.ts';
import { buildTopic, decode, encode, parseTopic, TOPICS, type TopicName } from '../topics/topics.ts';

const NAMES = Object.keys(TOPICS).filter((name): name is TopicName => name in TOPICS);
const feederId = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/);

describe('topics', () => {
  test('what is built is parsed back, for every feeder id and topic', () => {
    fc.assert(
      fc.property(feederId, fc.constantFrom(...NAMES), (id, name) => {
        expect(parseTopic(buildTopic(id, name))).toEqual({ feederId: id, name });
      }),
      { numRuns: 1000 },
    );
  });

  test('anything else is no topic of ours', () => {
    const strangers = [
      '', 'feeder', 'feeder/', 'feeder/pond-1', 'feeder/pond-1/', 'feeder/pond-1/nothing', 'feeder//heartbeat',
      'feeder/POND/heartbeat', 'feeder/+/heartbeat', 'feeder/pond-1/#', '/feeder/pond-1/ack', 'feeder/pond-1/ack/',
      'feeder/pond-1/constructor', 'feeder/pond-1/__proto__', 'feeder/-pond/ack', `feeder/${'p'.repeat(64)}/ack`,
      'feeder/pond-1/heartbeat/reply/x', 'feeder/pond-1\u0000/ack', '$SYS/feeder/pond-1/ack',
    ];
    for (const topic of strangers) expect(parseTopic(topic), topic).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => FeederId.safeParse(text).success === /^[a-z0-9][a-z0-9-]{0,62}$/.test(text)));
  });
});

describe('payloads', () => {
  const beat = { sessionId: 's', seq: 1, sentAt: '2026-01-31T08:00:00.000Z', uptimeSeconds: 5, plc: 'ok', configVersion: 3 } as const;

  test('a message survives the wire', () => {
    const decoded = decode('feeder/pond-1/heartbeat', Buffer.from(encode('heartbeat', beat)));
    expect(decoded).toEqual({ ok: true, value: { feederId: 'pond-1', topic: 'heartbeat', payload: beat } });
  });

  test('unknown fields are dropped, so that either side can be upgraded first', () => {
    const decoded = decode('feeder/pond-1/heartbeat', Buffer.from(JSON.stringify({ ...beat, mood: 'good' })));
    expect(decoded).toMatchObject({ ok: true, value: { payload: beat } });
    if (decoded.ok) expect(decoded.value.payload).not.toHaveProperty('mood');
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['no object', '[]'],
    ['null', 'null'],
    ['a missing field', JSON.stringify({ ...beat, plc: undefined })],
    ['a wrong word', JSON.stringify({ ...beat, plc: 'fine' })],
    ['a time without a zone', JSON.stringify({ ...beat, sentAt: '2026-01-31T08:00:00' })],
    ['a negative number', JSON.stringify({ ...beat, seq: -1 })],
    ['a fraction', JSON.stringify({ ...beat, configVersion: 1.5 })],
    ['an infinite number', JSON.stringify(beat).replace('"uptimeSeconds":5', '"uptimeSeconds":1e999')],
  ])('%s is refused with what was expected', (_what, text) => {
    const decoded = decode('feeder/pond-1/heartbeat', Buffer.from(text));
    expect(decoded.ok ? '' : decoded.problem).toMatch(/expected/i);
  });

  test('malformed UTF-8 is refused', () => {
    expect(decode('feeder/pond-1/heartbeat', Buffer.from([0x22, 0xff, 0x22]))).toMatchObject({ ok: false });
  });

  test('bytes of any kind never throw, on any topic', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.oneof(fc.uint8Array(), fc.json().map((json) => Buffer.from(json))), (name, bytes) => {
        expect(typeof decode(buildTopic('pond-1', name), bytes).ok).toBe('boolean');
      }),
      { numRuns: 2000 },
    );
  });

  test('an ack with a reason code that is not known yet is still an ack', () => {
    const ack = { commandId: 'c', outcome: 'rejected', at: beat.sentAt, reason: { code: 'brand-new', message: 'm' } };
    expect(decode('feeder/pond-1/ack', Buffer.from(JSON.stringify(ack)))).toMatchObject({ ok: true, value: { payload: ack } });
  });

  test('text for people is cut, however long it comes: it never costs the outcome that it explains', () => {
    const reason = { code: 'plc-exception', message: 'm'.repeat(5000), parameter: 'p'.repeat(100), exceptionCode: 999 };
    const ack = { commandId: 'c', outcome: 'rejected', at: beat.sentAt, reason };
    const decoded = decode('feeder/pond-1/ack', Buffer.from(JSON.stringify(ack)));
    expect(decoded).toMatchObject({ ok: true, value: { payload: { outcome: 'rejected', reason: { message: 'm'.repeat(1000) } } } });
  });

  test('a set-config that changes nothing is refused', () => {
    const command = { commandId: 'c', kind: 'set-config', version: 1, changes: {}, issuedAt: beat.sentAt, expiresAt: beat.sentAt };
    expect(decode('feeder/pond-1/command', Buffer.from(JSON.stringify(command)))).toMatchObject({ ok: false });
  });
});

describe('values', () => {
  const stepped: Parameter = { name: 'oxygen', type: 'number', unit: 'mg/L', min: -5, max: 20, step: 0.1, offset: -5 };
  const whole: Parameter = { name: 'mealGrams', type: 'integer', unit: 'g', min: 0, max: 5000, step: 1 };
  const floating: Parameter = { name: 'rate', type: 'number', unit: 'g/s', min: 0, max: 1e6 };
  const flag: Parameter = { name: 'feedingEnabled', type: 'boolean', unit: '' };

  test('every step within the range may be written, and nothing between two steps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 249 }), fc.double({ min: 0.001, max: 0.999, noNaN: true }), (steps, part) => {
        expect(checkValue(stepped, -5 + steps * 0.1)).toBeUndefined();
        expect(checkValue(stepped, -5 + (steps + part) * 0.1)).toMatchObject({ code: 'out-of-range' });
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    [whole, -1], [whole, 5001], [whole, 1.5], [stepped, 20.1], [floating, -0.001],
  ])('%j does not take %j', (parameter, value) => {
    expect(checkValue(parameter, value)).toMatchObject({ code: 'out-of-range' });
  });

  test.each([
    [whole, '5'], [whole, true], [whole, Number.NaN], [whole, Number.POSITIVE_INFINITY], [whole, null], [flag, 1], [flag, 'true'],
  ])('%j is given the wrong type by %j', (parameter, value) => {
    expect(checkValue(parameter, value)).toMatchObject({ code: 'wrong-type' });
  });

  test('equal means exact for whole numbers, within half a step for steps, the same 32 bits for floating point', () => {
    expect(sameValue(whole, 120, 120)).toBe(true);
    expect(sameValue(whole, 120, 121)).toBe(false);
    // A value so near to a whole raw number may be asked for, and is written as that number.
    expect(checkValue(whole, 120.0000001)).toBeUndefined();
    expect(sameValue(whole, 120.0000001, 120)).toBe(true);
    expect(sameValue(stepped, 5.1, 5.1 + 1e-9)).toBe(true);
    expect(sameValue(stepped, 5.1, 5.16)).toBe(false);
    expect(sameValue(floating, 0.1, Math.fround(0.1))).toBe(true);
    expect(sameValue(floating, 0.1, 0.1001)).toBe(false);
    expect(sameValue(flag, true, true)).toBe(true);
    expect(sameValue(flag, true, 1)).toBe(false);
  });
});

test('what is wrong with a message is told in one short line, however long the message', () => {
  const long = JSON.stringify({ configVersion: 0, values: { [`x${'\u001b'.repeat(200_000)}`]: 1 }, readAt: '2026-01-31T08:00:00.000Z', source: 'start' });
  for (const payload of [long, '{'.repeat(200_000), `"${'\u0007'.repeat(200_000)}`]) {
    const decoded = decode('feeder/pond-1/config', Buffer.from(payload));
    expect(decoded).toMatchObject({ ok: false });
    const problem = decoded.ok ? '' : decoded.problem;
    expect(problem.length).toBeLessThanOrEqual(500);
    expect(problem).not.toMatch(/\p{Cc}/u);
  }
});
