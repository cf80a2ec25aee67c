import { randomUUID } from 'node:crypto';
import { mkdir, open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** As long as any token, so that a full disk is noticed before. */
const RESERVED_BYTES = 4096;

/** A file that a token can surely be put into: what it will be is beside it already, with its space on the disk. */
export class TokenFile {
  readonly path: string;
  readonly #draft: string;
  readonly #handle: FileHandle;

  private constructor(path: string, draft: string, handle: FileHandle) {
    this.path = path;
    this.#draft = draft;
    this.#handle = handle;
  }

  /** Rejects where the file could not be written; what is in it stays. Its folder is made where there is none. */
  static async prepare(named: string): Promise<TokenFile> {
    // Where the name stands for another file, that is the one to replace.
    const path = await realpath(named).catch(() => named);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && !found.isFile()) throw new Error('expected a regular file');
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const draft = `${path}.${randomUUID()}`;
    const file = new TokenFile(path, draft, await open(draft, 'wx', 0o600));
    try {
      await file.#handle.writeFile(Buffer.alloc(RESERVED_BYTES, ' '));
      await file.#handle.sync();
      return file;
    } catch (error) {
      await file.discard();
      throw error;
    }
  }

  /** Puts a token into the file, whole or not at all, so that nobody but its owner can read it. */
  async put(token: string): Promise<void> {
    const bytes = Buffer.from(`${token}\n`);
    await this.#handle.write(bytes, 0, bytes.length, 0);
    await this.#handle.truncate(bytes.length);
    await this.#handle.sync();
    await rename(this.#draft, this.path);
    const folder = await open(dirname(this.path));
    await folder.sync().finally(() => folder.close());
  }

  /** Lets go of what is beside it. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.#draft, { force: true });
  }
}
