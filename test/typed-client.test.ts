import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTypescript, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ADMIN_KEY, openTestBridge } from './support/bridge.ts';
import { liveFeeder } from './support/live-feeder.ts';

const bridge = await openTestBridge();
const folder = await mkdtemp(join(tmpdir(), 'typed-client-'));
afterAll(async () => {
  await bridge.dispose();
  await rm(folder, { recursive: true });
});

const MISTAKES = [
  { mistake: 'a field that there is not', right: 'changed.data.readBack', wrong: 'changed.data.readback', told: /'readback' does not exist/ },
  { mistake: 'a code that there is not', right: "'feeder-offline':", wrong: "'feeder-ofline':", told: /"feeder-ofline"' is not comparable/ },
  { mistake: 'a path that there is not', right: "{feederId}/config', { params: { path } }", wrong: "{feederId}/settings', { params: { path } }", told: /settings/ },
  { mistake: 'a value of another type', right: 'body: { mealGrams }', wrong: 'body: { mealGrams: feederId }', told: /'string' is not assignable/ },
];
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
  skipLibCheck: true,
};
/** What the README shows of a typed client. */
let example = '';
/** What TypeScript has against it, and against it with each mistake, beside the types that are generated. */
const complaints = new Map<string, string>();

beforeAll(async () => {
  example = /```ts\n(import createClient[^]*?)```/.exec(await readFile('README.md', 'utf8'))?.[1] ?? '';
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{"type": "module"}');
  await writeFile(join(folder, 'feederbridge.d.ts'), astToString(await openapiTypescript(new URL(`${bridge.url}/openapi.json`))));
  const clients = [{ mistake: 'none', client: example }, ...MISTAKES.map(({ mistake, right, wrong }) => ({ mistake, client: example.replace(right, wrong) }))];
  const files = clients.map((_, index) => join(folder, `client-${index}.ts`));
  await Promise.all(clients.map(({ client }, index) => writeFile(files[index] ?? '', client)));
  const program = ts.createProgram({ rootNames: files, options: OPTIONS });
  program.emit();
  clients.forEach(({ mistake }, index) => {
    const diagnostics = ts.getPreEmitDiagnostics(program, program.getSourceFile(files[index] ?? ''));
    complaints.set(mistake, diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')).join('\n'));
  });
});

describe('the client in the README', () => {
  test.each(MISTAKES)('does not compile with $mistake', ({ mistake, right, told }) => {
    expect(example).toContain(right);
    expect(complaints.get(mistake)).toMatch(told);
  });

  test('compiles, and tells what the PLC holds, that somebody else was first, and that the feeder is offline', async () => {
    expect(complaints.get('none')).toBe('');
    const setMealGrams = await load();
    const agent = await liveFeeder(bridge, 'pond-1');
    const held = setMealGrams(bridge.url, ADMIN_KEY, 'pond-1', 120);
    await agent.applied(await agent.command());
    expect(await held).toEqual({ kind: 'held', values: { mealGrams: 120 } });

    const outrun = setMealGrams(bridge.url, ADMIN_KEY, 'pond-1', 130);
    await agent.ack(await agent.command(), { outcome: 'rejected', reason: { code: 'stale-version', message: '' } });
    expect(await outrun).toEqual({ kind: 'changed-meanwhile' });

    await agent.publish('session', { sessionId: agent.sessionId, state: 'ended', reason: 'shutdown' });
    await agent.client.endAsync();
    await expect.poll(() => setMealGrams(bridge.url, ADMIN_KEY, 'pond-1', 130)).toEqual({ kind: 'offline' });
    expect(await setMealGrams(bridge.url, 'wrong', 'pond-1', 130)).toMatchObject({ kind: 'failed', why: /Bearer/ });
  });
});

type SetMealGrams = (bridgeUrl: string, key: string, feederId: string, mealGrams: number) => Promise<unknown>;
const Client = z.object({ setMealGrams: z.custom<SetMealGrams>((exported) => typeof exported === 'function') });

async function load(): Promise<SetMealGrams> {
  return Client.parse(await import(/* @vite-ignore */ pathToFileURL(join(folder, 'client-0.js')).href)).setMealGrams;
}
