import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** How a file is sent; the first that a client takes and that saves anything. */
export const ENCODINGS = ['br', 'gzip'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** A file of the console, in memory. */
export type ConsoleFile = {
  /** Such as `.html`. */
  extension: string;
  /** Its name says what is in it: another content has another name. */
  isImmutable: boolean;
  etag: string;
  bytes: Buffer;
  /** The same, compressed when it is first asked for; undefined where that saves nothing. */
  compressed: (encoding: Encoding) => Promise<Buffer | undefined>;
};

/** Far more than a console has: what is above is another folder. */
const MOST_FILES = 500;
const MOST_BYTES = 32 * 1024 * 1024;
const INDEX = '/index.html';
/** How Vite names what it makes: `assets/<name>-<hash>.<extension>`. */
const NAMED_BY_CONTENT = /^\/assets\/[^/]*-[\w-]{8}\.\w+$/;

/**
 * Reads the built console, by the paths under which it is served: its regular files, and none whose name begins with a dot.
 * Throws where there is none, or more than a console can be.
 */
export function readConsole(folder: string): ReadonlyMap<string, ConsoleFile> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = new Map<string, ConsoleFile>();
  let left = MOST_BYTES;
  for (const { parentPath, name } of found) {
    const file = join(parentPath, name);
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    if (path.includes('/.')) continue;
    const bytes = readFileSync(file);
    left -= bytes.length;
    if (left < 0 || files.size === MOST_FILES) throw new Error(`expected at most ${MOST_FILES} files of ${MOST_BYTES} bytes together in ${folder}`);
    files.set(path, asConsoleFile(path, bytes));
  }
  const index = files.get(INDEX);
  if (index === undefined) throw new Error(`expected an index.html in ${folder}`);
  return files.set('/', index);
}

function asConsoleFile(path: string, bytes: Buffer): ConsoleFile {
  const made = new Map<Encoding, Promise<Buffer | undefined>>();
  return {
    extension: extname(path),
    isImmutable: NAMED_BY_CONTENT.test(path),
    // Weak, for it names the content, however it is encoded.
    etag: `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    bytes,
    compressed: (encoding) => {
      const known = made.get(encoding);
      if (known) return known;
      const making = COMPRESS[encoding](bytes).then((smaller) => (smaller.length < bytes.length ? smaller : undefined));
      made.set(encoding, making);
      return making;
    },
  };
}

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

/** As small as it gets: it is done once, off the main thread. */
const COMPRESS: Record<Encoding, (bytes: Buffer) => Promise<Buffer>> = {
  br: (bytes) => brotliAsync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  gzip: (bytes) => gzipAsync(bytes, { level: constants.Z_BEST_COMPRESSION }),
};
