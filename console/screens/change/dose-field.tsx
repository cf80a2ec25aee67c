import type { JSX } from 'preact';
import type { Profile } from '../../api/shapes.ts';
import type { DoseFault } from '../../change/dose.ts';
import { isolated } from '../../format/isolate.ts';
import { formatExactSpan } from '../../format/times.ts';
import { Field } from '../../parts/field.tsx';
import { words } from '../../words/words.ts';
import { doseText } from './change-text.ts';

type DoseFieldProps = { typed: string; guards: Profile['guards']; fault: DoseFault | undefined; onTyped: (text: string) => void };

/** How much to feed, with what the farm computer will let through. */
export function DoseField({ typed, guards, fault, onTyped }: DoseFieldProps): JSX.Element {
  const { feedNow } = words.value.change;
  const limits = [
    guards?.maxDoseGrams === undefined ? undefined : feedNow.atMost(isolated(doseText(guards.maxDoseGrams))),
    guards?.minGapSeconds === undefined || guards.minGapSeconds === 0 ? undefined : feedNow.gap(isolated(formatExactSpan(guards.minGapSeconds))),
    guards?.maxGramsPerDay === undefined ? undefined : feedNow.atMostPerDay(isolated(doseText(guards.maxGramsPerDay))),
  ].filter((limit) => limit !== undefined);
  return (
    <Field label={feedNow.grams} hint={limits.length === 0 ? undefined : `${limits.join(' · ')}.`} error={fault && feedNow.faults[fault]}>
      {(control) => (
        <input
          {...control}
          class="change-grams"
          dir="ltr"
          type="text"
          inputMode="decimal"
          autoComplete="off"
          autofocus
          value={typed}
          onInput={(event) => onTyped(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
