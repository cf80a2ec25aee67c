import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';

const DAY_MS = 86_400_000;

/** A certificate and its private key, as PEM. */
export type Pair = { cert: string; key: string };

export type LeafOptions = {
  /** From when it is valid, in days from now; negative is the past. */
  fromDays?: number;
  toDays?: number;
  /** Another name instead of those of this machine. */
  name?: string;
};

/** An authority of the test's own, and certificates of this machine from it. Elliptic keys: they are made in milliseconds. */
export class Authority {
  readonly cert: string;
  readonly #key: string;

  private constructor({ cert, key }: Pair) {
    this.cert = cert;
    this.#key = key;
  }

  static async make(commonName = 'farm authority'): Promise<Authority> {
    const made = await generate([{ name: 'commonName', value: commonName }], {
      keyType: 'ec',
      algorithm: 'sha256',
      notBeforeDate: new Date(Date.now() - 365 * DAY_MS),
      notAfterDate: new Date(Date.now() + 365 * DAY_MS),
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    });
    return new Authority({ cert: made.cert, key: made.private });
  }

  /** A server's certificate for 127.0.0.1 and localhost. */
  async leaf({ fromDays = -1, toDays = 90, name }: LeafOptions = {}): Promise<Pair> {
    const made = await generate([{ name: 'commonName', value: name ?? 'localhost' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      notBeforeDate: new Date(Date.now() + fromDays * DAY_MS),
      notAfterDate: new Date(Date.now() + toDays * DAY_MS),
      ca: { cert: this.cert, key: this.#key },
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: name === undefined ? [{ type: 2, value: 'localhost' }, { type: 7, ip: '127.0.0.1' }] : [{ type: 2, value: name }],
        },
      ],
    });
    return { cert: made.cert, key: made.private };
  }
}

/** Writes a pair into a folder, and tells the settings that name its files. */
export async function writePair(folder: string, { cert, key }: Pair): Promise<{ TLS_CERT_FILE: string; TLS_KEY_FILE: string }> {
  const files = { TLS_CERT_FILE: join(folder, 'cert.pem'), TLS_KEY_FILE: join(folder, 'key.pem') };
  await replace(files.TLS_CERT_FILE, cert);
  await replace(files.TLS_KEY_FILE, key);
  return files;
}

async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
