/** How a number lies in registers. Bytes within a register are always big-endian. */
export const NUMERIC_TYPES = ['uint16', 'int16', 'uint32', 'int32', 'float32'] as const;
export type NumericType = (typeof NUMERIC_TYPES)[number];

/** Which word of a 32-bit value lies at the lower address: the high one (`big`) or the low one. */
export type WordOrder = 'big' | 'little';

/** A number in registers; engineering value = raw × scale + offset. */
export type Encoding = { type: NumericType; scale: number; offset: number; wordOrder: WordOrder };

export type Encoded = { ok: true; words: number[] } | { ok: false; problem: string };

/** How far from a whole raw number a value may be and still count as one. */
const RAW_TOLERANCE = 1e-6;
const MAX_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

const RAW_RANGES: Record<NumericType, { min: number; max: number }> = {
  uint16: { min: 0, max: 0xffff },
  int16: { min: -0x8000, max: 0x7fff },
  uint32: { min: 0, max: 0xffffffff },
  int32: { min: -0x80000000, max: 0x7fffffff },
  float32: { min: -MAX_FLOAT32, max: MAX_FLOAT32 },
};

/** How many registers a value of this type takes. */
export const wordCount = (type: NumericType): 1 | 2 => (type === 'uint16' || type === 'int16' ? 1 : 2);

/** How many bits or registers a value of this type takes in its table. */
export const sizeOf = ({ type }: { type: NumericType | 'bool' }): number => (type === 'bool' ? 1 : wordCount(type));

/** The engineering values this encoding can hold. */
export function encodableRange(encoding: Encoding): { min: number; max: number } {
  const { min, max } = RAW_RANGES[encoding.type];
  const ends = [toEngineering(encoding, min), toEngineering(encoding, max)];
  return { min: Math.min(...ends), max: Math.max(...ends) };
}

/** The registers, lowest address first, that hold `value`; or why none can. */
export function encode(encoding: Encoding, value: number): Encoded {
  if (!Number.isFinite(value)) return { ok: false, problem: `expected a number, not ${value}` };
  const exact = (value - encoding.offset) / encoding.scale;
  const isFloat = encoding.type === 'float32';
  const raw = isFloat ? Math.fround(exact) : Math.round(exact);
  if (!isFloat && Math.abs(exact - raw) > RAW_TOLERANCE) {
    const from = encoding.offset === 0 ? '' : ` counted from ${encoding.offset}`;
    return { ok: false, problem: `expected steps of ${Math.abs(encoding.scale)}${from}, not ${value}` };
  }
  const { min, max } = RAW_RANGES[encoding.type];
  if (!(raw >= min && raw <= max)) {
    const range = encodableRange(encoding);
    return { ok: false, problem: `expected ${range.min} to ${range.max}, what ${encoding.type} holds, not ${value}` };
  }
  return { ok: true, words: toWords(encoding, raw) };
}

/**
 * The engineering value in `words` (lowest address first), rounded to the decimals of scale and offset; a float32 as
 * the shortest decimal that encodes to the same registers. Undefined for a float32 that is NaN or infinite.
 */
export function decode(encoding: Encoding, words: readonly number[]): number | undefined {
  if (words.length !== wordCount(encoding.type)) {
    throw new RangeError(`expected ${wordCount(encoding.type)} registers for ${encoding.type}, not ${words.length}`);
  }
  const raw = fromWords(encoding, words);
  return Number.isFinite(raw) ? toEngineering(encoding, raw) : undefined;
}

function toEngineering(encoding: Encoding, raw: number): number {
  const { type, scale, offset } = encoding;
  const value = raw * scale + offset;
  const rounded = type === 'float32' ? shortest(encoding, raw, value) : roundTo(decimals(scale, offset), value);
  return rounded === 0 ? 0 : rounded;
}

/** 17 significant digits tell any two doubles apart. */
const MAX_DIGITS = 17;

function shortest({ scale, offset }: Encoding, raw: number, value: number): number {
  for (let digits = 1; digits < MAX_DIGITS; digits += 1) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround((candidate - offset) / scale) === raw) return candidate;
  }
  return value;
}

const decimals = (...numbers: number[]) =>
  Math.max(
    ...numbers.map((number) => {
      const [mantissa = '', exponent = '0'] = String(number).split('e');
      return Math.max(0, (mantissa.split('.')[1] ?? '').length - Number(exponent));
    }),
  );

/** `toFixed` knows at most 100 decimals, and writes numbers from 1e21 on without them. */
const roundTo = (count: number, value: number) => Number(value.toFixed(Math.min(count, 100)));

function toWords({ type, wordOrder }: Encoding, raw: number): number[] {
  const view = new DataView(new ArrayBuffer(4));
  if (wordCount(type) === 1) {
    view.setInt16(0, raw);
    return [view.getUint16(0)];
  }
  if (type === 'float32') view.setFloat32(0, raw);
  else view.setInt32(0, raw);
  const words = [view.getUint16(0), view.getUint16(2)];
  return wordOrder === 'big' ? words : words.reverse();
}

function fromWords({ type, wordOrder }: Encoding, words: readonly number[]): number {
  const view = new DataView(new ArrayBuffer(4));
  const ordered = wordOrder === 'big' ? words : words.toReversed();
  ordered.forEach((word, index) => view.setUint16(2 * index, word));
  switch (type) {
    case 'uint16':
      return view.getUint16(0);
    case 'int16':
      return view.getInt16(0);
    case 'uint32':
      return view.getUint32(0);
    case 'int32':
      return view.getInt32(0);
    case 'float32':
      return view.getFloat32(0);
  }
}
