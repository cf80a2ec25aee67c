import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The stages of the Dockerfile by their names; the image itself has none. */
const stages = new Map(
  textOf('Dockerfile').split(/^FROM /m).slice(1).map((stage) => [/^\S+ AS (\S+)$/m.exec(stage)?.[1] ?? 'the image', stage]),
);
/** Every path from here that these stages copy. */
const copiedBy = (texts: Iterable<string | undefined>): string[] =>
  [...texts].flatMap((text = '') => [...text.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, paths = '']) => paths.split(' ')));
const copied = copiedBy([stages.get('the image')]);

/** Every file of ours that the bridge is made of, and every package it imports, types included. */
function reachedFrom(main: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set([main]);
  const packages = new Set<string>();
  for (const file of files) {
    for (const { fileName } of ts.preProcessFile(textOf(file)).importedFiles) {
      if (fileName.startsWith('.')) files.add(relative(ROOT, join(ROOT, dirname(file), fileName)));
      else if (!fileName.startsWith('node:')) packages.add(fileName.split('/').slice(0, fileName.startsWith('@') ? 2 : 1).join('/'));
    }
  }
  return { files, packages };
}

const bridge = reachedFrom('src/main.ts');

test('the image holds every folder that the bridge imports from', () => {
  expect(bridge.files.size).toBeGreaterThan(40);
  const folders = new Set([...bridge.files].map((file) => file.split('/')[0]));
  expect([...folders].filter((folder) => folder === undefined || !copied.includes(folder))).toEqual([]);
});

test('the image holds every package that the bridge imports', () => {
  const { dependencies } = z.object({ dependencies: z.record(z.string(), z.string()) }).parse(JSON.parse(textOf('package.json')));
  expect(bridge.packages).toContain('express');
  expect([...bridge.packages].filter((name) => !(name in dependencies))).toEqual([]);
});

test('the image holds the console as it was built for it, and neither its source nor what builds it', () => {
  expect(stages.get('the image')).toContain('\nCOPY --from=console /bridge/console/dist console/dist\n');
  expect(copied).not.toContain('console');
  expect(stages.get('packages')).toContain('npm ci --omit=dev');
  expect(stages.get('console')).toMatch(/^RUN npm run build$/m);
});

test('the console is built of what the stage that builds it holds', () => {
  const there = copiedBy([stages.get('console')]);
  // tsconfig.json says how its files are to be read, and so does the one that this one extends.
  expect(there).toEqual(expect.arrayContaining(['package.json', 'tsconfig.json', 'console']));
  const files = readdirSync(join(ROOT, 'console'), { recursive: true, encoding: 'utf8' }).filter((file) => /^(?!dist).*\.tsx?$/.test(file));
  expect(files).not.toEqual([]);
  const outside = files.flatMap((file) =>
    ts.preProcessFile(textOf(join('console', file))).importedFiles
      .map(({ fileName }) => fileName)
      .filter((name) => name.startsWith('.') && relative(join(ROOT, 'console'), join(ROOT, 'console', dirname(file), name)).startsWith('..')),
  );
  expect(outside).toEqual([]);
});

test('what is copied is let through, and nothing else', () => {
  const [first, ...rest] = textOf('.dockerignore').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(first).toBe('*');
  const letThrough = rest.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  expect(letThrough.sort()).toEqual([...new Set(copiedBy(stages.values()))].sort());
  expect(rest.filter((line) => !line.startsWith('!'))).toEqual(['console/dist']);
});
