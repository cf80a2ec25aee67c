import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextToken } from '../agent/plc/dose-token.ts';

const lastToken = fc.integer({ min: 0, max: 0xffff });
const journaled = fc.integer({ min: 1, max: 0xffff });
const every = (check: (journaled: number, lastToken: number) => void) => fc.assert(fc.property(journaled, lastToken, check), { numRuns: 2_000 });
const ahead = (token: number, of: number) => (token - of + 0x10000) % 0x10000;

it('is one that the PLC takes, is never 0, and never that of the dose before', () => {
  every((journaled, lastToken) => {
    const token = nextToken(journaled, lastToken);
    expect(ahead(token, lastToken)).toBeGreaterThanOrEqual(1);
    expect(ahead(token, lastToken)).toBeLessThanOrEqual(0x7fff);
    expect([0, journaled]).not.toContain(token);
  });
});

it('follows the last one journaled as long as that is in touch with the PLC, else what the PLC took last', () => {
  every((journaled, lastToken) => {
    const followed = ahead(journaled, lastToken) <= 16384 ? journaled : lastToken;
    expect(nextToken(journaled, lastToken)).toBe(followed === 0xffff ? 1 : followed + 1);
  });
});

it.each([
  { of: 'a new PLC and an empty journal', journaled: undefined, lastToken: 0, token: 1 },
  { of: 'an empty journal', journaled: undefined, lastToken: 65535, token: 1 },
  { of: 'a dose taken last', journaled: 7, lastToken: 7, token: 8 },
  { of: 'a dose withdrawn last', journaled: 9, lastToken: 7, token: 10 },
  { of: 'the end of the numbers', journaled: 65535, lastToken: 65534, token: 1 },
  { of: 'a PLC that lost its memory', journaled: 40_000, lastToken: 0, token: 1 },
  { of: 'a PLC that another computer went on with', journaled: 7, lastToken: 9, token: 10 },
])('after $of is $token', ({ journaled, lastToken, token }) => {
  expect(nextToken(journaled, lastToken)).toBe(token);
});
