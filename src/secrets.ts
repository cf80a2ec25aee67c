import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new secret of 256 random bits, in characters that survive shells, URLs and YAML. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is stored in a secret's place; secrets are random, so no salt or stretching is needed. */
export const hashSecret = (secret: string): Buffer => hash('sha256', secret, 'buffer');

/** Whether a secret is the one that was hashed, in time that tells nothing. */
export const matchesHash = (secret: string, hashed: Buffer): boolean => timingSafeEqual(hashSecret(secret), hashed);
