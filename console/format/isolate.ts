/** A name or an amount that stands in a sentence and keeps its own direction there, as `bdi` does in elements. */
export const isolated = (text: string): string => `\u2068${text}\u2069`;
