import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadSettings } from '../agent/settings.ts';
import { formatProblems } from '../agent/yaml-file.ts';

const SECRET = 'kingfisher-4711';
const GOOD_MAP = 'name: good\nconfig:\n  mealGrams: { table: holding, address: 0, type: uint16 }\n';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-settings-'));
  await writeFile(join(folder, 'good.yaml'), GOOD_MAP);
  await writeFile(join(folder, 'token'), `${SECRET}\n`);
  await writeFile(join(folder, 'empty-token'), '\n');
  vi.stubEnv('POND_TOKEN', SECRET);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function load(text: string) {
  const file = join(folder, 'agent.yaml');
  await writeFile(file, text);
  return loadSettings(file);
}
async function told(text: string): Promise<string[]> {
  const loaded = await load(text);
  return loaded.ok ? [] : formatProblems(loaded.problems).replaceAll(`${folder}/`, '').split('\n');
}

describe('agent.yaml', () => {
  it('is read with its defaults, its maps beside it, and tokens from text, environment and file', async () => {
    const feeder = (feederId: string, token: string, plc: string) => `  - { feederId: ${feederId}, token: ${token}, plc: ${plc}, registerMap: good.yaml }`;
    const loaded = await load([
      'bridge: wss://bridge.example/mqtt', 'feeders:',
      feeder('pond-1', SECRET, '{ host: plc.local }'),
      feeder('pond-2', '{ env: POND_TOKEN }', '{ host: 10.0.0.2, port: 1502, unitId: 3, timeoutMs: 300 }'),
      feeder('pond-3', '{ file: token }', '{ serial: /dev/ttyUSB0, unitId: 4 }'),
    ].join('\n'));
    if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
    expect(loaded.settings).toMatchObject({
      bridgeUrl: 'wss://bridge.example/mqtt',
      heartbeatSeconds: 20,
      spool: { maxDays: 30, maxMegabytes: 256 },
    });
    expect(loaded.settings.feeders).toMatchObject([
      { feederId: 'pond-1', endpoint: { host: 'plc.local', port: 502, timeoutMs: 1000 }, unitId: 1, pollSeconds: 2, registerMap: { name: 'good' } },
      { feederId: 'pond-2', endpoint: { host: '10.0.0.2', port: 1502, timeoutMs: 300 }, unitId: 3 },
      { feederId: 'pond-3', endpoint: { serial: '/dev/ttyUSB0', baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 }, unitId: 4 },
    ]);
    const tokens = loaded.settings.feeders.map(({ token }) => token.read((problem) => expect.fail(problem)));
    expect(await Promise.all(tokens)).toEqual([SECRET, SECRET, SECRET]);
  });

  it('has all its mistakes told at once, with those of its tokens and register maps, each with file, line and path', async () => {
    await writeFile(join(folder, 'bad.yaml'), [
      'name: bad', 'config:',
      '  mealGrams: { table: holding, address: 0, type: uint16, unit: kg }',
      '  intervalSeconds: { table: holding, address: 0, type: uint32 }',
      '  spreaderPercent: { table: holding, address: 9, type: flot }',
    ].join('\n'));
    expect(await told([
      'bridge: http://bridge.example', 'heartbeatSecond: 20', 'feeders:',
      '  - feederId: Pond 1', `    token: ${SECRET}`, '    plc: { host: 10.0.0.1, port: 70000 }', '    registerMap: bad.yaml',
      '  - feederId: pond-2', '    token: { env: NOT_THERE }', '    plc: { host: 10.0.0.1, serial: /dev/ttyUSB0 }', '    registerMap: bad.yaml',
      '  - feederId: pond-3', '    token: { file: nowhere }', '    plc: { host: 10.0.0.3 }', '    registerMap: missing.yaml', '    pollSeconds: 0',
      '  - feederId: pond-4', '    token: { file: empty-token }', '    plc: {}', '    registerMap: good.yaml',
    ].join('\n'))).toEqual([
      expect.stringMatching(/^agent.yaml:1: bridge: expected a URL such as wss:/),
      expect.stringMatching(/^agent.yaml:2: heartbeatSecond: unknown key: expected one of bridge, caFile, dataDir, heartbeatSeconds, spool, feeders/),
      expect.stringMatching(/^agent.yaml:4: feeders.0.feederId: expected a feeder id/),
      expect.stringMatching(/^agent.yaml:6: feeders.0.plc.*: /),
      expect.stringMatching(/^agent.yaml:10: feeders.1.plc.*: /),
      expect.stringMatching(/^agent.yaml:16: feeders.2.pollSeconds: /),
      expect.stringMatching(/^agent.yaml:19: feeders.3.plc.*: expected /),
      expect.stringMatching(/^agent.yaml:9: feeders.1.token: expected the environment variable NOT_THERE/),
      expect.stringMatching(/^agent.yaml:13: feeders.2.token: expected the token in nowhere: /),
      expect.stringMatching(/^agent.yaml:18: feeders.3.token: .*empty/),
      expect.stringMatching(/^bad.yaml:3: config.mealGrams.unit: expected "g"/),
      expect.stringMatching(/^bad.yaml:4: config.intervalSeconds.address: .*overlaps config.mealGrams/),
      expect.stringMatching(/^bad.yaml:5: config.spreaderPercent.type: expected a type/),
      expect.stringMatching(/^missing.yaml:1: expected a readable file/),
    ]);
  });

  it('may bound what waits in the spool, in days and megabytes', async () => {
    const withSpool = (spool: string) => ['bridge: ws://a/mqtt', `spool: ${spool}`, 'feeders:', '  - { feederId: pond-1, token: x, plc: { host: a }, registerMap: good.yaml }'].join('\n');
    const loaded = await load(withSpool('{ maxMegabytes: 20 }'));
    expect(loaded).toMatchObject({ ok: true, settings: { spool: { maxDays: 30, maxMegabytes: 20 } } });
    expect(await told(withSpool('{ maxDays: 0, maxMegabytes: much }'))).toEqual([
      expect.stringMatching(/^agent.yaml:2: spool.maxDays: expected at least 1/),
      expect.stringMatching(/^agent.yaml:2: spool.maxMegabytes: expected number/),
    ]);
  });

  it('names each feeder once', async () => {
    const feeder = (host: string) => `  - { feederId: pond-1, token: x, plc: { host: ${host} }, registerMap: good.yaml }`;
    expect(await told(['bridge: ws://a/mqtt', 'feeders:', feeder('a'), feeder('b')].join('\n'))).toEqual([
      expect.stringMatching(/^agent.yaml:4: feeders.1.feederId: expected each feeder once/),
    ]);
  });

  it('tells units that a line does not carry, and takes those it does', async () => {
    const feeder = (feederId: string, plc: string) => `  - { feederId: ${feederId}, token: x, registerMap: good.yaml, plc: ${plc} }`;
    expect(await told([
      'bridge: ws://a/mqtt', 'feeders:',
      feeder('a', '{ serial: /dev/a, unitId: 0 }'), feeder('b', '{ serial: /dev/b, unitId: 248 }'), feeder('c', '{ host: c, unitId: 256 }'),
      feeder('d', '{ serial: /dev/d, unitId: 247 }'), feeder('e', '{ host: e, unitId: 0 }'), feeder('f', '{ host: f, unitId: 255 }'),
    ].join('\n'))).toEqual([
      'agent.yaml:3: feeders.0.plc.unitId: expected a unit id from 1 to 247',
      'agent.yaml:4: feeders.1.plc.unitId: expected a unit id from 1 to 247',
      'agent.yaml:5: feeders.2.plc.unitId: expected a unit id from 0 to 255',
    ]);
  });

  it('has feeders on one line agree about it', async () => {
    const feeder = (feederId: string, plc: string) => [`  - feederId: ${feederId}`, '    token: x', '    registerMap: good.yaml', `    plc: ${plc}`];
    expect(await told([
      'bridge: ws://a/mqtt', 'feeders:',
      ...feeder('a', '{ host: plc.local, unitId: 1, timeoutMs: 300 }'),
      ...feeder('b', '{ host: PLC.local, port: 502, unitId: 2 }'),
      ...feeder('c', '{ host: plc.local, unitId: 1, timeoutMs: 300 }'), // two feeders in one PLC may share its unit
      ...feeder('d', '{ host: plc.local, port: 503, timeoutMs: 500 }'),
      ...feeder('e', '{ serial: /dev/e }'),
      ...feeder('f', '{ serial: /dev/e, unitId: 2, baudRate: 19200, parity: even }'),
      ...feeder('g', '{ serial: /dev/e, unitId: 3, dataBits: 8 }'),
      ...feeder('h', '{ serial: /dev/e, unitId: 2, baudRate: 300 }'),
    ].join('\n'))).toEqual([
      'agent.yaml:10: feeders.1.plc.timeoutMs: expected 300, as a has it: both share plc.local:502',
      'agent.yaml:26: feeders.5.plc.baudRate: expected 9600, as e has it: both share /dev/e',
      'agent.yaml:26: feeders.5.plc.parity: expected none, as e has it: both share /dev/e',
      'agent.yaml:34: feeders.7.plc.baudRate: expected 9600, as e has it: both share /dev/e',
    ]);
  });

  it('gives each feeder registers of its own, as one would take the other’s doses for its own', async () => {
    const feeder = (feederId: string, registerMap: string, unitId: number) =>
      `  - { feederId: ${feederId}, token: x, registerMap: ${registerMap}, plc: { host: plc.local, unitId: ${unitId} } }`;
    const other = GOOD_MAP.replace('address: 0', 'address: 1');
    await writeFile(join(folder, 'other.yaml'), other);
    await writeFile(join(folder, 'wide.yaml'), other.replace('uint16', 'uint32'));
    expect(await told(['bridge: ws://a/mqtt', 'feeders:', feeder('a', 'good.yaml', 1), feeder('b', 'other.yaml', 1), feeder('c', 'good.yaml', 2)].join('\n'))).toEqual([]);
    expect(await told(['bridge: ws://a/mqtt', 'feeders:', feeder('a', 'good.yaml', 1), feeder('b', 'good.yaml', 1), feeder('c', 'wide.yaml', 1)].join('\n'))).toEqual([
      'agent.yaml:4: feeders.1.plc: expected a PLC or registers of its own: a has mealGrams (holding 0) of unit 1 at plc.local:502',
    ]);
    expect(await told(['bridge: ws://a/mqtt', 'feeders:', feeder('a', 'other.yaml', 1), feeder('b', 'wide.yaml', 1)].join('\n'))).toHaveLength(1);
  });

  it('never has a token shown, wherever it was put by mistake', async () => {
    const texts = [
      `bridge: ${SECRET}\nfeeders: []`,
      `bridge: ws://a\nfeeders:\n  - { feederId: p, token: { env: { x: ${SECRET} } }, plc: { host: a }, registerMap: good.yaml }`,
      `bridge: ws://a\nfeeders:\n  - { feederId: p, token: [${SECRET}], plc: ${SECRET}, registerMap: good.yaml }`,
      `bridge: ws://a\nfeeders:\n  - { feederId: p, token: ${SECRET}, token: ${SECRET}, plc: { host: a }, registerMap: good.yaml }`,
      `bridge: ws://a\nfeeders:\n  - { feederId: p, token: "${SECRET}, plc: { host: a } }`,
    ];
    for (const text of texts) {
      const lines = await told(text);
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.join('\n')).not.toContain(SECRET);
    }
  });

  it.each(['', 'null', '3', '[]', 'feeders: 3', 'feeders: [1]', 'feeders:\n  - ~', 'a: &a [*a]'])('that is %j is told to be wrong', async (text) => {
    const lines = await told(text);
    expect(lines[0]).toMatch(/^agent.yaml:\d+: .*\w/);
  });
});
