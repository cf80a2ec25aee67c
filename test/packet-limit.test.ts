import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacketLimit } from '../src/broker/packet-limit.ts';

const LIMIT = 300;
/** Topic length, topic: what a publish holds beside its payload. */
const HEAD_BYTES = 3;

/** A PUBLISH of QoS 0 on the topic "t" with a payload of so many bytes [MQTT-3.3]. */
function publish(bytes: number): Buffer {
  const length: number[] = [];
  for (let rest = HEAD_BYTES + bytes; ; rest = Math.floor(rest / 128)) {
    length.push((rest % 128) + (rest >= 128 ? 128 : 0));
    if (rest < 128) return Buffer.concat([Buffer.from([0x30, ...length, 0, 1, 0x74]), Buffer.alloc(bytes)]);
  }
}

/** A CONNECT as far as its length tells, which must come first. */
const CONNECT = Buffer.from([0x10, 3, 0, 1, 0x74]);

/** One to whose limit a CONNECT has passed. */
function letIn(): PacketLimit {
  const limit = new PacketLimit(LIMIT);
  expect(limit.accepts(CONNECT)).toBe(true);
  limit.takeCount();
  return limit;
}

/** The bytes cut into chunks at the places given, as a network would. */
function chunks(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

test('packets of any size up to the limit pass, however they are cut', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: LIMIT - HEAD_BYTES }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(sizes, fc.array(fc.nat(), { maxLength: 20 }), (bodies, cuts) => {
      const limit = letIn();
      const stream = Buffer.concat(bodies.map(publish));
      expect(chunks(stream, cuts).every((chunk) => limit.accepts(chunk))).toBe(true);
      expect(limit.takeCount()).toBe(bodies.length);
      expect(limit.takeCount()).toBe(0);
    }),
    { numRuns: 1000 },
  );
});

test('one that announces more is refused before its body has come, however it is cut', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.array(fc.nat(), { maxLength: 5 }), (excess, cuts) => {
      const limit = letIn();
      const header = publish(LIMIT - HEAD_BYTES + excess).subarray(0, 5);
      expect(limit.accepts(publish(10))).toBe(true);
      expect(chunks(header, cuts).every((chunk) => limit.accepts(chunk))).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

test('a length field that never ends is refused', () => {
  expect(new PacketLimit().accepts(Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80]))).toBe(false);
  expect(letIn().accepts(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80]))).toBe(false);
});

test('what does not begin with CONNECT is refused with its first byte', () => {
  for (let byte = 0; byte < 256; byte += 1) expect(new PacketLimit().accepts(Buffer.from([byte]))).toBe(byte >> 4 === 1);
});

test('what is no PUBLISH may hold 16 KiB, and counts as a packet more for every 64 bytes', () => {
  const unsubscribe = (bytes: number): Buffer => Buffer.concat([Buffer.from([0xa2, 0x80 | (bytes % 128), 0x80 | ((bytes >> 7) % 128), bytes >> 14]), Buffer.alloc(bytes)]);
  for (const [bytes, packets] of [[63, 1], [64, 2], [16 * 1024, 257]] as const) {
    const limit = letIn();
    expect(limit.accepts(unsubscribe(bytes))).toBe(true);
    expect(limit.takeCount()).toBe(packets);
  }
  expect(letIn().accepts(unsubscribe(16 * 1024 + 1))).toBe(false);
});

test('a PUBLISH counts as a packet more for every 4 KiB', () => {
  for (const [bytes, packets] of [[1_000, 1], [64 * 1024, 5], [200_000, 13]] as const) {
    const limit = new PacketLimit();
    limit.accepts(CONNECT);
    limit.takeCount();
    expect(limit.accepts(publish(bytes))).toBe(true);
    expect(limit.takeCount()).toBe(packets);
  }
});

test('no bytes throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => typeof new PacketLimit(LIMIT).accepts(bytes) === 'boolean'));
});
