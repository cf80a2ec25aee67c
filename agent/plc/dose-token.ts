const TOKENS = 0x10000;
/** How far the last token may lie ahead of what the PLC took and still be followed; half of what the PLC takes as new. */
const MOST_AHEAD = 16384;

/**
 * The token of the next dose. It follows the last one journaled, taken or not, so that no two doses share one, unless
 * that has lost touch with `lastToken`, the last the PLC took: then it follows `lastToken`. Tokens count modulo 65536;
 * 0 is none.
 */
export function nextToken(lastJournaled: number | undefined, lastToken: number): number {
  const isInTouch = lastJournaled !== undefined && (lastJournaled - lastToken + TOKENS) % TOKENS <= MOST_AHEAD;
  return ((isInTouch ? lastJournaled : lastToken) + 1) % TOKENS || 1;
}
