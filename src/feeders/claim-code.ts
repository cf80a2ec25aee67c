import { randomInt } from 'node:crypto';

/** Crockford's base 32: no letter that is taken for a digit, and none that makes words. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Five random bits each: 80 in all, far beyond guessing in a quarter of an hour. */
const LENGTH = 16;
const CODE = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);

/** A new claim code, to be said on the phone and typed in: `7KQ2-M0XN-3T9A-ZD5R`. */
export function newClaimCode(): string {
  const code = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return code.replaceAll(/.{4}(?=.)/g, '$&-');
}

/** A claim code as somebody typed it in, in the one way that it is stored: in any case, with O for 0, I or L for 1, and spaces or dashes anywhere. Undefined: it is none. */
export function readClaimCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replaceAll(/[\s\p{Pd}]/gu, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return CODE.test(code) ? code : undefined;
}
