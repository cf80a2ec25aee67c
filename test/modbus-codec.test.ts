import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameValue, type Parameter } from '../topics/parameters.ts';
import { decode, encodableRange, encode, type Encoded, type Encoding, type NumericType } from '../agent/modbus/codec.ts';

const RUNS = { numRuns: 5000 };
const integers = fc.constantFrom<NumericType>('uint16', 'int16', 'uint32', 'int32');
const wordOrder = fc.constantFrom<Encoding['wordOrder']>('big', 'little');
const scale = fc.constantFrom(1, 0.1, 0.01, 0.001, 0.25, 5, 60, -0.1);
const offset = fc.constantFrom(0, -40, 0.5, 273.15);
const plain = (type: NumericType, order: Encoding['wordOrder'] = 'big'): Encoding => ({ type, scale: 1, offset: 0, wordOrder: order });

const problemOf = (encoded: Encoded) => (encoded.ok ? 'none' : encoded.problem);

/** The registers as a PLC would fill them, written without the codec. */
function registers(type: NumericType, order: Encoding['wordOrder'], raw: number): number[] {
  const view = new DataView(new ArrayBuffer(4));
  if (type === 'uint16') view.setUint16(0, raw);
  if (type === 'int16') view.setInt16(0, raw);
  if (type === 'uint32') view.setUint32(0, raw);
  if (type === 'int32') view.setInt32(0, raw);
  if (type === 'float32') view.setFloat32(0, raw);
  const words = type.endsWith('16') ? [view.getUint16(0)] : [view.getUint16(0), view.getUint16(2)];
  return order === 'big' ? words : [...words].reverse();
}

const rawOf = (type: NumericType) => {
  const bits = type.endsWith('16') ? 16 : 32;
  const min = type.startsWith('u') ? 0 : -(2 ** (bits - 1));
  return fc.integer({ min, max: min + 2 ** bits - 1 });
};

describe('integers', () => {
  const cases = integers.chain((type) => fc.tuple(fc.constant(type), rawOf(type), wordOrder, scale, offset));

  it('lie in the registers as an independent oracle lays them', () => {
    fc.assert(
      fc.property(cases, ([type, raw, order]) => {
        const words = registers(type, order, raw);
        expect(encode(plain(type, order), raw)).toEqual({ ok: true, words });
        expect(decode(plain(type, order), words)).toBe(raw);
      }),
      RUNS,
    );
  });

  it('come back through scale and offset, in both directions', () => {
    fc.assert(
      fc.property(cases, ([type, raw, order, scaleBy, offsetBy]) => {
        const encoding: Encoding = { type, scale: scaleBy, offset: offsetBy, wordOrder: order };
        const words = registers(type, order, raw);
        const value = decode(encoding, words);
        expect(value).toBeCloseTo(raw * scaleBy + offsetBy, 6);
        expect(String(value).replace(/^.*\.|^[^.]*$/, '').length).toBeLessThanOrEqual(3);
        expect(encode(encoding, value ?? NaN)).toEqual({ ok: true, words });
      }),
      RUNS,
    );
  });

  it('refuse what is between two steps, out of range, or no number', () => {
    expect(problemOf(encode(plain('uint16'), 12.7))).toContain('steps of 1');
    expect(encode(plain('uint16'), 12.0000001)).toEqual({ ok: true, words: [12] });
    expect(problemOf(encode(plain('uint16'), 65536))).toContain('0 to 65535');
    expect(encode(plain('int16'), -32769)).toMatchObject({ ok: false });
    expect(encode(plain('uint32'), -1)).toMatchObject({ ok: false });
    for (const type of ['uint16', 'float32'] as const) {
      for (const value of [NaN, Infinity, -Infinity]) expect(encode(plain(type), value)).toMatchObject({ ok: false });
    }
  });

  it('know the ends of their range', () => {
    expect(encodableRange({ type: 'int16', scale: 0.1, offset: 0, wordOrder: 'big' })).toEqual({ min: -3276.8, max: 3276.7 });
    expect(encodableRange({ type: 'uint16', scale: -1, offset: 10, wordOrder: 'big' })).toEqual({ min: -65525, max: 10 });
  });
});

describe('float32', () => {
  const finite = fc.float({ noNaN: true, noDefaultInfinity: true });

  it('lies in the registers as an independent oracle lays it, and comes back', () => {
    fc.assert(
      fc.property(finite, wordOrder, (raw, order) => {
        const words = registers('float32', order, raw);
        const value = decode(plain('float32', order), words);
        expect(Math.fround(value ?? NaN) + 0).toBe(raw + 0);
        expect(encode(plain('float32', order), raw)).toEqual({ ok: true, words });
      }),
      RUNS,
    );
  });

  it('shows the shortest decimal', () => {
    for (const value of [0.1, 5.5, 12.34, 100, 1e-7, 16777216, 3.14159]) {
      expect(decode(plain('float32'), registers('float32', 'big', value))).toBe(value);
    }
    expect(Object.is(decode(plain('float32'), [0x8000, 0]), 0)).toBe(true);
  });

  it('read back is what was asked for, for any double in range', () => {
    const parameter: Parameter = { name: 'x', type: 'number', unit: '', min: -1e30, max: 1e30 };
    fc.assert(
      fc.property(fc.double({ min: -1e30, max: 1e30, noNaN: true }), (asked) => {
        const encoded = encode(plain('float32'), asked);
        const held = encoded.ok ? decode(plain('float32'), encoded.words) : undefined;
        expect(sameValue(parameter, asked, held ?? NaN)).toBe(true);
      }),
      RUNS,
    );
  });

  it('has no value where the registers hold NaN or an infinity, and takes nothing beyond its range', () => {
    for (const high of [0x7fc0, 0x7f80, 0xff80]) expect(decode(plain('float32'), [high, 0])).toBeUndefined();
    expect(encode(plain('float32'), 1e39)).toMatchObject({ ok: false });
  });
});

it('takes exactly the registers of the type', () => {
  expect(() => decode(plain('uint32'), [1])).toThrow(RangeError);
});
