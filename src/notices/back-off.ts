const FIRST_MS = 5_000;
const LONGEST_MS = 3_600_000;

/** As many as are made in about a day. */
export const MOST_ATTEMPTS = 40;

/**
 * How long after so many failed attempts the next one is made: 5 s after the first, twice as long each time, at most an
 * hour; shortened by up to a half, so that what failed together is not tried again together.
 * @param chance from 0 to 1.
 */
export const pauseMs = (attempts: number, chance: number): number =>
  Math.min(FIRST_MS * 2 ** (attempts - 1), LONGEST_MS) * (1 - chance / 2);
