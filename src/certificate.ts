import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** The PEM files of the bridge's certificate: itself first, then those that vouch for it, and its private key. */
export type CertificateFiles = { certFile: string; keyFile: string };

/** A certificate and its key that TLS can serve, as PEM. */
export type Certificate = { cert: string; key: string; validToMs: number };

export type ReadCertificate = { ok: true; certificate: Certificate } | { ok: false; problems: string[] };

/** The files that the settings name, where they do. */
export function certificateFiles(settings: {
  TLS_CERT_FILE?: string | undefined;
  TLS_KEY_FILE?: string | undefined;
}): CertificateFiles | undefined {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = settings;
  return certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile };
}

/** Reads both files, or tells every mistake in them: which setting names the file, and what was expected there. No key is ever told. */
export function readCertificate({ certFile, keyFile }: CertificateFiles, nowMs: number): ReadCertificate {
  const cert = readPem('TLS_CERT_FILE', certFile, parsedCertificate);
  const key = readPem('TLS_KEY_FILE', keyFile, parsedKey);
  if (!cert.ok || !key.ok) return { ok: false, problems: [cert, key].flatMap((each) => (each.ok ? [] : [each.problem])) };
  const validToMs = Date.parse(cert.parsed.validTo);
  const problem =
    mismatch(cert.parsed, key.parsed) ?? outOfDate(cert.parsed, validToMs, nowMs) ?? unservable({ cert: cert.text, key: key.text });
  if (problem !== undefined) return { ok: false, problems: [problem] };
  return { ok: true, certificate: { cert: cert.text, key: key.text, validToMs } };
}

type Pem<T> = { ok: true; text: string; parsed: T } | { ok: false; problem: string };

function readPem<T>(setting: string, path: string, parse: (text: string) => T | { expected: string }): Pem<T> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { ok: false, problem: `${setting}: expected the path of a file that this process can read (${codeOf(error) ?? 'it cannot be read'})` };
  }
  const parsed = parse(text);
  if (isMistake(parsed)) return { ok: false, problem: `${setting}: ${parsed.expected}` };
  return { ok: true, text, parsed };
}

const isMistake = (parsed: unknown): parsed is { expected: string } =>
  typeof parsed === 'object' && parsed !== null && 'expected' in parsed;

const codeOf = (error: unknown): string | undefined => (error instanceof Error && 'code' in error ? String(error.code) : undefined);

function parsedCertificate(text: string): X509Certificate | { expected: string } {
  try {
    // It would take DER as well, which TLS does not.
    if (text.includes('-----BEGIN CERTIFICATE-----')) return new X509Certificate(text);
  } catch {
    // told below
  }
  return { expected: 'expected a PEM file: the certificate, then those that vouch for it' };
}

function parsedKey(text: string): KeyObject | { expected: string } {
  try {
    return createPrivateKey(text);
  } catch {
    const what = /^(-----BEGIN|Proc-Type:).*ENCRYPTED/m.test(text) ? 'a private key without a passphrase' : 'a PEM file with the private key';
    return { expected: `expected ${what}` };
  }
}

function mismatch(cert: X509Certificate, key: KeyObject): string | undefined {
  return cert.checkPrivateKey(key) ? undefined : 'TLS_KEY_FILE: expected the key of the first certificate in TLS_CERT_FILE';
}

function outOfDate({ validFrom, validTo }: X509Certificate, validToMs: number, nowMs: number): string | undefined {
  if (Date.parse(validFrom) <= nowMs && nowMs < validToMs) return undefined;
  return `TLS_CERT_FILE: expected a certificate that is valid now, but this one is from ${validFrom} to ${validTo}`;
}

/** What only TLS itself notices, such as a key that is too short. */
function unservable(pair: { cert: string; key: string }): string | undefined {
  try {
    createSecureContext(pair);
    return undefined;
  } catch (error) {
    return `TLS_CERT_FILE: expected what TLS can serve: ${codeOf(error) ?? 'it cannot be served'}`;
  }
}
