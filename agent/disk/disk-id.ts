import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OpaqueId } from '../../topics/identifiers.ts';
import { codeOf } from './disk-error.ts';

/** The id kept in `file`; undefined where there is none that can be read. */
export async function readDiskId(file: string): Promise<string | undefined> {
  try {
    return OpaqueId.safeParse(await readFile(file, 'utf8')).data;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Keeps `id` in `file`, in place of what is there; resolves when it outlives a power cut. */
export async function keepDiskId(file: string, id: string): Promise<void> {
  const next = `${file}.new`;
  const handle = await open(next, 'w');
  try {
    await handle.writeFile(id);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(next, file);
  // Windows keeps its folders in order by itself, and lets none be opened.
  if (process.platform === 'win32') return;
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
