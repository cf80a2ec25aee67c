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

/** The bytes cut into chunks at the places given, as a network would. */
function chunks(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

test('packets of any size up to the limit pass, however they are cut', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: LIMIT - HEAD_BYTES }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(sizes, fc.array(fc.nat(), { maxLength: 20 }), (bodies, cuts) => {
      const limit = new PacketLimit(LIMIT);
      const stream = Buffer.concat(bodies.map(publish));
      expect(chunks(stream, cuts).every((chunk) => limit.accepts(chunk))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('one that announces more is refused before its body has come, however it is cut', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.array(fc.nat(), { maxLength: 5 }), (excess, cuts) => {
      const limit = new PacketLimit(LIMIT);
      const header = publish(LIMIT - HEAD_BYTES + excess).subarray(0, 5);
      expect(limit.accepts(publish(10))).toBe(true);
      expect(chunks(header, cuts).every((chunk) => limit.accepts(chunk))).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

test('a length field that never ends is refused', () => {
  expect(new PacketLimit().accepts(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80]))).toBe(false);
});

test('no bytes throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => typeof new PacketLimit(LIMIT).accepts(bytes) === 'boolean'));
});
