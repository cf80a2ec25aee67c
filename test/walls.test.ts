import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

type Import = { from: string; to: string; isTypeOnly: boolean };

const files = ['src', 'agent', 'topics', 'machine', 'seed', 'keys', 'demo', 'bench', 'console'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[tj]sx?$/.test(file))
    .map((file) => join(folder, file))
    // what a browser is sent, as it is sent
    .filter((file) => !/^(src\/http\/docs|console\/dist)\//.test(file)),
);

/** Every import and re-export; `to` is a path from the root for our own files, else the name of the package. */
const imports: Import[] = files.flatMap((from) => {
  const source = ts.createSourceFile(from, readFileSync(join(ROOT, from), 'utf8'), ts.ScriptTarget.Latest);
  const found: Import[] = [];
  const add = (specifier: ts.Expression | undefined, isTypeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    const { text } = specifier;
    const to = text.startsWith('.') ? relative(ROOT, join(ROOT, dirname(from), text)) : packageOf(text);
    found.push({ from, to, isTypeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypesOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
});

function isTypesOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = clause;
  return (
    name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

const shown = (broken: readonly Import[]): string[] => broken.map(({ from, to }) => `${from} imports ${to}`);
const isOurs = (path: string): boolean => /\.[tj]sx?$/.test(path);

test('the imports were found', () => {
  expect(files.length).toBeGreaterThan(60);
  expect(imports.length).toBeGreaterThan(files.length);
  expect(imports.filter(({ to }) => isOurs(to)).every(({ to }) => files.includes(to))).toBe(true);
});

describe('programs', () => {
  test('topics imports zod and itself, nothing else', () => {
    const broken = imports.filter(({ from, to }) => from.startsWith('topics/') && to !== 'zod' && !to.startsWith('topics/'));
    expect(shown(broken)).toEqual([]);
  });

  test('machine imports nothing of ours', () => {
    const broken = imports.filter(({ from, to }) => from.startsWith('machine/') && isOurs(to) && !to.startsWith('machine/'));
    expect(shown(broken)).toEqual([]);
  });

  test('bridge and agent never import each other', () => {
    const broken = imports.filter(
      ({ from, to }) =>
        (from.startsWith('src/') && /^(agent|seed|keys|demo|bench)\//.test(to)) || (from.startsWith('agent/') && /^(src|seed|keys|demo|bench)\//.test(to)),
    );
    expect(shown(broken)).toEqual([]);
  });
});

describe('layers of the bridge', () => {
  /** What each folder may import besides itself, the topics and the files at the bottom. */
  const MAY_IMPORT: Record<string, readonly string[]> = {
    http: ['access', 'alarms', 'commands', 'events', 'feeders', 'history', 'liveness', 'notices', 'site-logins', 'store'],
    access: ['store'],
    alarms: ['feeders', 'history', 'liveness', 'store'],
    commands: ['access', 'feeders', 'liveness', 'store'],
    feeders: ['store'],
    history: ['store'],
    liveness: [],
    'site-logins': ['store'],
    notices: ['store'],
    records: ['store'],
    store: [],
    broker: ['access'],
    events: ['store'],
  };
  /** Files of the bridge that know nothing of the rest. */
  const BOTTOM = ['src/alarm-names.ts', 'src/clock.ts', 'src/errors.ts', 'src/secrets.ts', 'src/site-clock.ts', 'src/trusted-proxies.ts', 'src/turns.ts'];
  const folderOf = (path: string): string => path.split('/').slice(1, -1).join('/');

  test('every folder is one of them', () => {
    const folders = new Set(files.filter((file) => file.startsWith('src/')).map(folderOf));
    expect([...folders].filter((folder) => folder !== '').sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  test('imports point down', () => {
    const broken = imports.filter(({ from, to }) => {
      const folder = folderOf(from);
      if (!from.startsWith('src/') || folder === '' || !to.startsWith('src/') || BOTTOM.includes(to)) return false;
      return folderOf(to) !== folder && !(MAY_IMPORT[folder] ?? []).includes(folderOf(to));
    });
    expect(shown(broken)).toEqual([]);
  });

  test('the files at the bottom import nothing of the bridge', () => {
    expect(shown(imports.filter(({ from, to }) => BOTTOM.includes(from) && to.startsWith('src/')))).toEqual([]);
  });
});

describe('layers of the console', () => {
  /** Each may import what stands before it. */
  const LAYERS: readonly (readonly string[])[] = [['words', 'device'], ['api'], ['format'], ['session'], ['farm'], ['change', 'fleet'], ['parts', 'charts'], ['screens']];
  const MAIN = ['console/main.tsx'];
  /** What the browser keeps the console by, and what builds it, stand beside the page, with what they may import of it. */
  const BESIDE: Record<string, readonly string[]> = { 'service-worker': [], build: ['words'] };
  const inConsole = (path: string): boolean => path.startsWith('console/') && !MAIN.includes(path) && path !== 'console/vite.config.ts';
  const folderOf = (path: string): string => path.split('/')[1] ?? '';
  const layerOf = (path: string): number => LAYERS.findIndex((folders) => folders.includes(folderOf(path)));

  test('every folder is in one of them', () => {
    const folders = new Set(files.filter((file) => inConsole(file)).map(folderOf));
    const known = [...LAYERS.flat(), ...Object.keys(BESIDE)];
    expect([...folders].filter((folder) => !known.includes(folder))).toEqual([]);
  });

  test('it knows of the bridge nothing but what the bridge answers', () => {
    const broken = imports.filter(({ from, to }) => from.startsWith('console/') && isOurs(to) && !to.startsWith('console/'));
    expect(shown(broken)).toEqual([]);
  });

  test('it needs nothing that a browser has not', () => {
    const built = imports.filter(({ from, to }) => inConsole(from) && folderOf(from) !== 'build' && to.startsWith('node:'));
    expect(shown(built)).toEqual([]);
  });

  test('imports point down', () => {
    const mayImport = (from: string, to: string): boolean => {
      const beside = BESIDE[folderOf(from)];
      return beside === undefined ? layerOf(to) !== -1 && layerOf(to) <= layerOf(from) : beside.includes(folderOf(to));
    };
    const broken = imports.filter(({ from, to }) => inConsole(from) && inConsole(to) && isOurs(to) && folderOf(from) !== folderOf(to) && !mayImport(from, to));
    expect(shown(broken)).toEqual([]);
  });

  test('a screen imports no other, but for the ways to change a feeder', () => {
    const screenOf = (path: string): string | undefined => /^console\/screens\/([\w-]+)\//.exec(path)?.[1];
    const broken = imports.filter(({ from, to }) => {
      const [own, other] = [screenOf(from), screenOf(to)];
      return own !== undefined && other !== undefined && other !== own && other !== 'change';
    });
    expect(shown(broken)).toEqual([]);
  });
});

describe('libraries', () => {
  test.each([
    ['aedes', 'src/broker/broker.ts'],
    ['ws', 'src/broker/listeners.ts'],
    ['proxy-addr', 'src/trusted-proxies.ts'],
    ['cors', 'src/http/share-with-origins.ts'],
    ['csv-stringify', 'src/http/csv.ts'],
    ['jose', 'src/access/people.ts'],
    ['oauth4webapi', 'src/access/code-exchange.ts'],
    ['helmet', 'src/http/protective-headers.ts'],
    ['nodemailer', 'src/notices/mail.ts'],
    ['ioredis', 'src/liveness/redis-leases.ts'],
    ['pg', 'src/store/database.ts'],
    ['node-pg-migrate', 'src/store/migrate.ts'],
    ['@electric-sql/pglite', 'src/store/embedded-postgres-thread.js'],
    ['@electric-sql/pglite-socket', 'src/store/embedded-postgres-thread.js'],
    ['mqtt', 'agent/mqtt-session.ts'],
    ['websocket-stream', 'agent/mqtt-session.ts'],
    ['modbus-serial', 'agent/modbus/connection.ts'],
    ['classic-level', 'agent/disk/level-disk.ts'],
    ['yaml', 'agent/yaml-file.ts'],
    ['pino', 'machine/log.ts'],
    ['pino-http', 'src/http/request-log.ts'],
    ['prom-client', 'src/metrics.ts'],
    ['openapi-fetch', 'console/api/client.ts'],
    ['eventsource-parser', 'console/api/event-stream.ts'],
    ['idb-keyval', 'console/farm/kept-farm.ts'],
    ['lean-qr', 'console/parts/qr.tsx'],
    ['uplot', 'console/charts/uplot.ts'],
  ])('%s has one importer', (library, importer) => {
    // The benchmark's floor stands on the bare libraries, with nothing of ours between.
    const users = imports.filter(({ from, to, isTypeOnly }) => to === library && !isTypeOnly && !from.startsWith('bench/'));
    const importers = new Set(users.map(({ from }) => from));
    expect([...importers]).toEqual([importer]);
  });

  test('express is imported by the routes alone', () => {
    expect(shown(imports.filter(({ from, to }) => to === 'express' && !from.startsWith('src/http/')))).toEqual([]);
  });
});

describe('habits', () => {
  const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

  test('the environment is read by the settings alone', () => {
    const readers = files.filter((file) => /^(src|agent|topics|machine)\//.test(file) && textOf(file).includes('process.env'));
    expect(readers.sort()).toEqual(['agent/settings.ts', 'src/settings.ts']);
  });

  test('SQL is written in the store alone', () => {
    const sql = /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\s+[\w*(]/;
    const writers = files.filter((file) => !/^(src\/store|bench)\//.test(file) && sql.test(textOf(file)));
    expect(writers).toEqual([]);
  });

  test('no file has a name that tells nothing', () => {
    expect(files.filter((file) => /\/(utils?|helpers?|types|misc|index|common)\.tsx?$/.test(file))).toEqual([]);
  });

  test('no two files import each other, however far round', () => {
    const next = new Map(files.map((file) => [file, imports.filter(({ from, to }) => from === file && isOurs(to)).map(({ to }) => to)]));
    const cycles: string[] = [];
    const done = new Set<string>();
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      else if (!done.has(file)) {
        for (const to of next.get(file) ?? []) walk(to, [...path, file]);
        done.add(file);
      }
    };
    for (const file of files) walk(file, []);
    expect(cycles).toEqual([]);
  });
});
