import { z } from 'zod';
import { ParameterName } from '../../topics/parameters.ts';
import { encodableRange, encode, NUMERIC_TYPES, type NumericType } from '../modbus/codec.ts';
import { BIT_TABLES, MAX_ADDRESS, WORD_TABLES } from '../modbus/tables.ts';

/** The register map as it stands in its file, entry by entry; `map-checks.ts` sees to what spans entries. */

const expected = (what: string) => ({ error: `expected ${what}` });

/** As written in the file; whether it starts at 0 or 1 is for the whole map to say. */
const Address = z.int(expected('a whole register address')).min(0).max(MAX_ADDRESS + 1);
const Scale = z.number().refine((scale) => scale !== 0, expected('a scale other than 0')).default(1);
const NumericType = z.enum(NUMERIC_TYPES, expected(`one of ${NUMERIC_TYPES.join(', ')}`));
const Bool = z.literal('bool');

const anyBit = expected(`table ${BIT_TABLES.join(' or ')} for type bool`);
const anyRegister = expected(`table ${WORD_TABLES.join(' or ')} for a number`);
const coil = expected('table coil: a bool that is written is a coil');
const holding = expected('table holding: a number that is written is a holding register');
const anyType = { error: `expected a type: bool, ${NUMERIC_TYPES.join(', ')}` };

const numberEntry = {
  address: Address,
  type: NumericType,
  scale: Scale,
  offset: z.number().default(0),
  unit: z.string().max(32).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
};

type Range = { type: NumericType; scale: number; offset: number; min?: number | undefined; max?: number | undefined };

/** `min` and `max` are values the registers can hold, in this order. */
function checkRange(entry: Range, context: z.core.$RefinementCtx): void {
  for (const end of ['min', 'max'] as const) {
    const value = entry[end];
    const encoded = value === undefined ? undefined : encode({ ...entry, wordOrder: 'big' }, value);
    if (encoded?.ok === false) context.addIssue({ code: 'custom', path: [end], message: encoded.problem });
  }
  const { min, max } = { ...encodableRange({ ...entry, wordOrder: 'big' }), ...definedOf(entry) };
  if (min > max) context.addIssue({ code: 'custom', path: ['min'], message: `expected min (${min}) up to max (${max})` });
}

const definedOf = ({ min, max }: Range) => ({ ...(min !== undefined && { min }), ...(max !== undefined && { max }) });

const ConfigEntry = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ table: z.literal('coil', coil), address: Address, type: Bool }),
    z
      .strictObject({ table: z.literal('holding', holding), ...numberEntry })
      .superRefine((entry, context) => {
        checkRange(entry, context);
        for (const end of ['min', 'max'] as const) {
          if (entry.type !== 'float32' || entry[end] !== undefined) continue;
          context.addIssue({ code: 'custom', path: [end], message: `expected a ${end}: a float32 has no range of its own` });
        }
      })
      .transform((entry) => ({ ...entry, ...encodableRange({ ...entry, wordOrder: 'big' }), ...definedOf(entry) })),
  ],
  anyType,
);

/** In the reading's unit; without one, 1 % of its value and at least one step of its scale. */
const DeadBand = z.number(expected('a dead band in the unit of the reading')).min(0, expected('a dead band of 0 or more'));

const Reading = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ table: z.enum(BIT_TABLES, anyBit), address: Address, type: Bool }),
    z.strictObject({ table: z.enum(WORD_TABLES, anyRegister), ...numberEntry, deadBand: DeadBand.optional() }).superRefine(checkRange),
  ],
  anyType,
);

const Unsigned = z.enum(['uint16', 'uint32'], expected('uint16 or uint32: a counter is unsigned'));
const PositiveScale = z.number().positive().default(1);
const noOffset = z.literal(0).default(0);
const counter = (scale: z.ZodType<number>) =>
  z.strictObject({ table: z.enum(WORD_TABLES, anyRegister), address: Address, type: Unsigned, scale, offset: noOffset });
const plainCounter = counter(z.literal(1, expected('no scale: this counts events')).default(1));
const Token = z.literal('uint16', expected('type uint16: tokens count modulo 65536'));
const plain = { scale: z.literal(1).default(1), offset: noOffset };

const Dose = z.strictObject({
  token: z.strictObject({ table: z.literal('holding', holding), address: Address, type: Token, ...plain }),
  grams: z.strictObject({
    table: z.literal('holding', holding),
    address: Address,
    type: NumericType,
    scale: PositiveScale,
    offset: noOffset,
  }),
  lastToken: z.strictObject({ table: z.enum(WORD_TABLES, anyRegister), address: Address, type: Token, ...plain }),
  refused: plainCounter.optional(),
});

const Action = z.discriminatedUnion(
  'table',
  [
    z.strictObject({ table: z.literal('coil'), address: Address, value: z.boolean() }),
    z.strictObject({ table: z.literal('holding'), address: Address, value: z.int().min(0).max(0xffff) }),
  ],
  expected('table coil or holding: an action is a write'),
);

/** A register map file, with defaults filled in. */
export const MapFile = z.strictObject({
  name: z.string().min(1).max(200),
  addressing: z.enum(['zero', 'one']).default('zero'),
  wordOrder: z.enum(['big', 'little']).default('big'),
  config: z.record(ParameterName, ConfigEntry).default({}),
  readings: z.record(ParameterName, Reading).default({}),
  meals: z.strictObject({ count: plainCounter, totalGrams: counter(PositiveScale) }).optional(),
  dose: Dose.optional(),
  guards: z
    .strictObject({
      maxDoseGrams: z.number().positive(),
      // Doses are remembered for a day.
      minGapSeconds: z.number().min(0).max(86_400),
      maxGramsPerDay: z.number().positive(),
    })
    .partial()
    .default({}),
  actions: z.strictObject({ 'clear-alarms': Action.optional() }).default({}),
  alarms: z
    .record(ParameterName, z.strictObject({ table: z.enum(BIT_TABLES, anyBit), address: Address, type: Bool.default('bool') }))
    .default({}),
});
export type MapFile = z.infer<typeof MapFile>;
