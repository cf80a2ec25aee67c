import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Every path from here that the Dockerfile copies. */
const copied = [...textOf('Dockerfile').matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, paths = '']) => paths.split(' '));

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

test('what is copied is let through, and nothing else', () => {
  const [first, ...rest] = textOf('.dockerignore').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(first).toBe('*');
  expect(rest.map((line) => line.replace(/^!/, '')).sort()).toEqual([...new Set(copied)].sort());
});
