import type { JSX } from 'preact';
import type { FeederOverview } from '../../api/shapes.ts';
import { formatGrams } from '../../format/numbers.ts';
import { Ago, Amount } from '../../parts/text.tsx';
import { words } from '../../words/words.ts';

/** When it was fed last, and how much. */
export function LastFed({ lastMeal, timeZone }: { lastMeal: FeederOverview['lastMeal']; timeZone: string }): JSX.Element {
  if (lastMeal === null) return <span>{words.value.fleet.neverFed}</span>;
  return <span><Ago at={lastMeal.at} timeZone={timeZone} /> · <Amount>{formatGrams(lastMeal.grams)}</Amount></span>;
}
