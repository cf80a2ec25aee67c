import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';

const PUBLIC = fileURLToPath(new URL('../../console/public', import.meta.url));

const Manifest = z.object({
  id: z.literal('/'),
  start_url: z.literal('/'),
  display: z.literal('standalone'),
  name: z.string(),
  short_name: z.string().max(12),
  icons: z.array(z.object({ src: z.string(), sizes: z.string(), type: z.string(), purpose: z.enum(['any', 'maskable']) })),
});
const manifest = Manifest.parse(JSON.parse(readFileSync(join(PUBLIC, 'manifest.webmanifest'), 'utf8')));

const sizeOf = (png: Buffer): string => `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;

test('every icon is there, in the size that it is said to have', () => {
  for (const { src, sizes, type } of manifest.icons) {
    const file = readFileSync(join(PUBLIC, src));
    if (type === 'image/png') expect(sizeOf(file)).toBe(sizes);
    else expect(file.toString()).toMatch(/^<svg /);
  }
});

test('there is what browsers want to install it', () => {
  const has = (sizes: string, purpose: string): boolean => manifest.icons.some((icon) => icon.sizes === sizes && icon.purpose === purpose);
  expect([has('192x192', 'any'), has('512x512', 'any'), has('512x512', 'maskable')]).toEqual([true, true, true]);
});

test('the page names files that are there', () => {
  const page = readFileSync(join(PUBLIC, '../index.html'), 'utf8');
  const named = [...page.matchAll(/href="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
  expect(named).toContain('/manifest.webmanifest');
  for (const path of named) expect(readFileSync(join(PUBLIC, path)).length).toBeGreaterThan(0);
});
