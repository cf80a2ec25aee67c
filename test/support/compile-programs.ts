import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformWithOxc } from 'vite';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The programs, what they import, and what tests run as processes of their own. */
const FOLDERS = ['agent', 'keys', 'machine', 'src', 'topics', join('test', 'support')];

const OPTIONS = { target: 'es2023', sourcemap: false, typescript: { onlyRemoveTypeImports: true, rewriteImportExtensions: 'rewrite' as const } };

/**
 * Writes the programs as JavaScript into a directory, with all that lies beside them: tsx compiles a bridge's 200 files anew
 * in each process, which takes longer than the start itself.
 */
export async function compilePrograms(into: string): Promise<void> {
  await mkdir(into);
  await Promise.all([cp(join(ROOT, 'package.json'), join(into, 'package.json')), symlink(join(ROOT, 'node_modules'), join(into, 'node_modules'))]);
  for (const folder of FOLDERS) {
    await cp(join(ROOT, folder), join(into, folder), { recursive: true });
    for (const name of await readdir(join(into, folder), { recursive: true })) {
      const file = join(into, folder, name);
      if (!file.endsWith('.ts')) continue;
      const { code } = await transformWithOxc(await readFile(file, 'utf8'), file, OPTIONS);
      await writeFile(file.replace(/\.ts$/, '.js'), code);
    }
  }
}
