import type { JSX } from 'preact';
import type { FeederEntry } from '../../farm/farm.ts';
import { formatGrams } from '../../format/numbers.ts';
import { isolated } from '../../format/isolate.ts';
import { Ago, Amount } from '../../parts/text.tsx';
import { words } from '../../words/words.ts';

/** When the feeder was fed last, and how much today: what one looks at before one feeds by hand. */
export function DoseFacts({ feeder }: { feeder: FeederEntry }): JSX.Element {
  const { change, common, names } = words.value;
  const { feedNow } = change;
  const { timeZone } = feeder.facts.value;
  const overview = feeder.overview.value;
  if (overview === undefined) return <p class="quiet">{common.loading}</p>;
  const { lastMeal, lastDose, today } = overview;
  const fed = isolated(formatGrams(today.fedGrams));
  return (
    <dl class="facts">
      <div>
        <dt>{feedNow.lastFed}</dt>
        <dd>
          {lastMeal === null ? common.never : (
            <><Ago at={lastMeal.at} timeZone={timeZone} often />, <Amount>{formatGrams(lastMeal.grams)}</Amount>, {names.mealSources[lastMeal.source]}</>
          )}
        </dd>
      </div>
      {lastDose !== null && (
        <div>
          <dt>{feedNow.lastDose}</dt>
          <dd>
            <Ago at={lastDose.at} timeZone={timeZone} often />, <Amount>{formatGrams(lastDose.grams)}</Amount>
            {!lastDose.counted && <> ({feedNow.notCounted})</>}
          </dd>
        </div>
      )}
      <div>
        <dt>{feedNow.today}</dt>
        <dd>{today.plannedGrams === null ? fed : feedNow.ofPlan(fed, isolated(formatGrams(today.plannedGrams)))}</dd>
      </div>
    </dl>
  );
}
