import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs;

/** The certificates in a PEM file, or what is wrong with it. */
export async function readCertificates(file: string): Promise<{ ok: true; pem: string } | { ok: false; problem: string }> {
  try {
    const pem = await readFile(file, 'utf8');
    const certificates = pem.match(CERTIFICATE) ?? [];
    if (certificates.length === 0) return { ok: false, problem: `expected certificates in PEM in ${file}, "-----BEGIN CERTIFICATE-----" and so on` };
    // Node would pass over one that it cannot read, and trust nobody.
    for (const certificate of certificates) new X509Certificate(certificate);
    return { ok: true, pem: certificates.join('\n') };
  } catch (error) {
    return { ok: false, problem: `expected certificates in PEM in ${file}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** How the bridge has to prove who it is, on every connection: whatever NODE_TLS_REJECT_UNAUTHORIZED or NODE_OPTIONS say. */
export const trusting = (ca: string | undefined) => ({ rejectUnauthorized: true, minVersion: 'TLSv1.2' as const, ...(ca !== undefined && { ca }) });

const Coded = z.object({ code: z.string(), message: z.string() });

const NOBODY_TRUSTED = 'its certificate is from nobody whom this computer trusts: for a private CA, set caFile in agent.yaml';
const IN_WORDS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "its certificate has expired, or this computer's clock is wrong",
  CERT_NOT_YET_VALID: "its certificate is not valid yet, or this computer's clock is wrong",
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  CERT_SIGNATURE_FAILURE: NOBODY_TRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: NOBODY_TRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: NOBODY_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: NOBODY_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOBODY_TRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOBODY_TRUSTED,
  EPROTO: 'it does not speak TLS there, or none that is new enough',
};

/** Why a connection to the bridge failed, for the installer. */
export function connectionProblem(error: unknown): string {
  const coded = Coded.safeParse(error);
  const words = coded.success ? IN_WORDS[coded.data.code] : undefined;
  // OpenSSL ends its messages with a line break.
  const message = (error instanceof Error ? error.message : String(error)).trim();
  return words === undefined ? message : `the bridge is not trusted: ${words} (${message})`;
}
