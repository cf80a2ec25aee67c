import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadRegisterMap, profileParameters } from '../agent/plc/register-map.ts';
import { formatProblems, readYamlFile } from '../agent/yaml-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'register-map-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function told(text: string | Buffer): Promise<string[]> {
  const file = join(folder, 'map.yaml');
  await writeFile(file, text);
  const loaded = await loadRegisterMap(file);
  return loaded.ok ? [] : formatProblems(loaded.problems).replaceAll(`${file}:`, '').split('\n');
}

const REFERENCE = 'agent/register-maps/reference-feeder.yaml';

describe('the reference map', () => {
  it('loads, with the hash of its bytes', async () => {
    const loaded = await loadRegisterMap(REFERENCE);
    if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
    expect(loaded.sha256).toBe(createHash('sha256').update(await readFile(REFERENCE)).digest('hex'));
    const parameters = new Map(profileParameters(loaded.map).map((parameter) => [parameter.name, parameter]));
    expect(parameters.get('mealGrams')).toEqual({ name: 'mealGrams', type: 'integer', unit: 'g', min: 0, max: 5000, step: 1 });
    expect(parameters.get('temperatureStopCelsius')).toEqual({
      name: 'temperatureStopCelsius', type: 'number', unit: '°C', min: -5, max: 40, step: 0.1,
    });
    expect(parameters.get('feedingEnabled')).toEqual({ name: 'feedingEnabled', type: 'boolean', unit: '' });
  });
});

describe('a map that is right in its own way', () => {
  it('may count from one, with ranges from its types', async () => {
    const file = join(folder, 'one.yaml');
    await writeFile(file, [
      'name: one', 'addressing: one', 'wordOrder: little', 'config:',
      '  mealGrams: { table: holding, address: 1, type: uint16 }',
      '  paddleAngle: { table: holding, address: 65535, type: int32, unit: °, scale: 0.5, offset: 10 }',
      '  phTarget: { table: holding, address: 7, type: float32, unit: pH, min: 5.5, max: 9 }',
    ].join('\n'));
    const loaded = await loadRegisterMap(file);
    if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
    expect(loaded.map.config.get('paddleAngle')).toMatchObject({ address: 65534, wordOrder: 'little' });
    expect(loaded.map.config.get('constructor')).toBeUndefined();
    expect(profileParameters(loaded.map)).toEqual([
      { name: 'mealGrams', type: 'integer', unit: 'g', min: 0, max: 65535, step: 1 },
      { name: 'paddleAngle', type: 'number', unit: '°', min: -1073741814, max: 1073741833.5, step: 0.5, offset: 10 },
      { name: 'phTarget', type: 'number', unit: 'pH', min: 5.5, max: 9 },
    ]);
  });
});

describe('mistakes', () => {
  it('of shape are told all at once, each with its line and path', async () => {
    expect(
      await told([
        'name: x', 'adressing: one', 'config:',
        '  mealGrams: { table: coil, address: 0, type: uint16 }',
        '  foo: { table: holding, address: 0, type: uint16, mxn: 1 }',
        '  b: { table: holding, address: 0, type: bool }',
        '  c: { table: holding, address: 0, type: flot }',
        '  d: { table: holding, address: 0, type: float32 }',
        '  e: { table: holding, address: 9, type: uint16, unit: g, min: 9, max: 3 }',
        '  f: { table: holding, address: 9, type: uint16, unit: g, max: 70000 }',
        '  Bad-Name: { table: coil, address: 9, type: bool }',
        'readings:', '  feeding: { table: input, address: 9, type: bool }',
        '  g: { table: input, address: 9, type: uint16, deadBand: -1 }',
        '  h: { table: input, address: 9, type: uint16, deadBand: wide }',
        '  i: { table: discrete, address: 9, type: bool, deadBand: 1 }',
      ].join('\n')),
    ).toEqual([
      expect.stringMatching(/^2: adressing: unknown key: expected one of name, addressing, wordOrder/),
      expect.stringMatching(/^4: config.mealGrams.table: expected table holding/),
      expect.stringMatching(/^5: config.foo.mxn: unknown key: expected one of table, address, type, scale/),
      expect.stringMatching(/^6: config.b.table: expected table coil/),
      expect.stringMatching(/^7: config.c.type: expected a type: bool, uint16/),
      expect.stringMatching(/^8: config.d.min: expected a min/),
      expect.stringMatching(/^8: config.d.max: expected a max/),
      expect.stringMatching(/^9: config.e.min: expected min \(9\) up to max \(3\)/),
      expect.stringMatching(/^10: config.f.max: expected 0 to 65535/),
      expect.stringMatching(/^11: config.Bad-Name: /),
      expect.stringMatching(/^13: readings.feeding.table: expected table coil or discrete/),
      expect.stringMatching(/^14: readings.g.deadBand: expected a dead band of 0 or more/),
      expect.stringMatching(/^15: readings.h.deadBand: expected a dead band in the unit of the reading/),
      expect.stringMatching(/^16: readings.i.deadBand: unknown key: expected one of table, address, type/),
    ]);
  });

  it('between entries are told all at once', async () => {
    expect(
      await told([
        'name: x', 'addressing: one', 'config:',
        '  mealGrams: { table: holding, address: 0, type: uint16, unit: kg }',
        '  foo: { table: holding, address: 5, type: uint16 }',
        '  intervalSeconds: { table: holding, address: 4, type: uint32 }',
        '  bar: { table: holding, address: 65536, type: uint32, unit: s }',
        '  feedingEnabled: { table: holding, address: 9, type: uint16, unit: x }',
        'dose:',
        '  token: { table: holding, address: 20, type: uint16 }',
        '  grams: { table: holding, address: 22, type: uint16 }',
        '  lastToken: { table: input, address: 22, type: uint16 }',
      ].join('\n')),
    ).toEqual([
      expect.stringMatching(/^4: config.mealGrams.address: expected 1 to 65536/),
      expect.stringMatching(/^4: config.mealGrams.unit: expected "g"/),
      expect.stringMatching(/^5: config.foo.address: .*overlaps config.intervalSeconds/),
      expect.stringMatching(/^5: config.foo.unit: expected a unit/),
      expect.stringMatching(/^7: config.bar.address: expected 1 to 65535/),
      expect.stringMatching(/^8: config.feedingEnabled.type: expected a boolean/),
      expect.stringMatching(/^11: dose.grams.address: expected grams beside token/),
    ]);
  });

  it('of syntax, duplicate keys included, come with their lines', async () => {
    expect(await told('name: a\nname: b\nreadings: { x: 1, x: 2 }')).toEqual(['2: duplicate key name', '3: duplicate key x']);
    expect(await told('a: [1\nb: 2')).toEqual([expect.stringMatching(/^2: Flow sequence/)]);
    expect(await told('a: *nobody')).toEqual([expect.stringMatching(/nobody/)]);
  });

  it('of the file itself are told too', async () => {
    expect(await told(Buffer.from([0x61, 0x3a, 0xff]))).toEqual(['1: expected UTF-8 text']);
    expect(await told('')).toEqual([expect.stringMatching(/^1: .*expected object/)]);
    expect(await told(`# ${'x'.repeat(1024 * 1024)}`)).toEqual([expect.stringMatching(/at most 1048576 bytes/)]);
    for (const file of [join(folder, 'nowhere.yaml'), folder, '/dev/zero']) {
      const read = await readYamlFile(file, z.unknown());
      expect(formatProblems(read.ok ? [] : read.problems)).toContain(`${file}:1: expected a r`);
    }
  });

  it('meant to exhaust the reader end in words', async () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', 'b: &b [*a,*a,*a,*a,*a,*a,*a]', 'c: &c [*b,*b,*b,*b,*b,*b]', 'd: [*c,*c,*c,*c]'];
    expect(await told(bomb.join('\n'))).toEqual([expect.stringMatching(/alias/)]);
    expect((await told('- '.repeat(100_000)))[0]).toMatch(/^1: .*stack/);
    const wide = await told(Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n'));
    expect(wide.at(-1)).toMatch(/and \d+ more mistakes/);
  });

  it('in one branch of several are told as that branch sees them', async () => {
    const Token = z.union([z.string(), z.strictObject({ env: z.string() })], 'expected a string or { env: NAME }');
    const file = join(folder, 'union.yaml');
    await writeFile(file, 'token: { enw: X }\nother: 3');
    const read = await readYamlFile(file, z.strictObject({ token: Token, other: Token }));
    expect(read.ok ? [] : read.problems.map(({ line, path, message }) => [line, path, message])).toEqual([
      [1, 'token.env', expect.stringContaining('expected string')],
      [1, 'token.enw', 'unknown key: expected one of env'],
      [2, 'other', expect.stringContaining('expected')],
    ]);
  });
});
