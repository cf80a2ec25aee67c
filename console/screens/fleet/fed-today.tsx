import type { JSX } from 'preact';
import type { FeederOverview } from '../../api/shapes.ts';
import type { FeederFacts } from '../../farm/feeder-after.ts';
import { formatGrams } from '../../format/numbers.ts';
import { formatTime } from '../../format/times.ts';
import { Amount } from '../../parts/text.tsx';
import { words } from '../../words/words.ts';

const percent = (share: number): string => `${(Math.min(1, share) * 100).toFixed(1)}%`;

/** What was fed today against the plan, and what of the plan is due by now. */
export function FedToday({ facts, today }: { facts: FeederFacts; today: FeederOverview['today'] }): JSX.Element {
  const { fleet } = words.value;
  const { fedGrams, plannedGrams, plannedSoFarGrams } = today;
  const fed = formatGrams(fedGrams);
  const said = plannedGrams === null ? fed : fleet.fedOfPlan(fed, formatGrams(plannedGrams));
  const due = dueText(today);
  // Nothing was told since then, whatever was fed.
  const until = facts.presence === 'offline' && facts.lastSeenAt !== null ? fleet.knownUntil(formatTime(facts.lastSeenAt, facts.timeZone)) : undefined;
  const whole = Math.max(plannedGrams ?? 0, fedGrams);
  return (
    <div class="fed">
      <div><Amount>{said}</Amount></div>
      {plannedGrams !== null && whole > 0 && (
        <div class="meter" role="meter" aria-label={fleet.fedToday} aria-valuemin={0} aria-valuemax={whole} aria-valuenow={fedGrams} aria-valuetext={`${said}, ${due}`}>
          <div class="meter-done" style={{ inlineSize: percent(fedGrams / whole) }} />
          {plannedSoFarGrams !== null && plannedSoFarGrams > 0 && <div class="meter-mark" style={{ insetInlineStart: percent(plannedSoFarGrams / whole) }} />}
        </div>
      )}
      <div class="quiet">{until === undefined ? due : `${due} · ${until}`}</div>
    </div>
  );
}

function dueText({ plannedGrams, plannedSoFarGrams }: FeederOverview['today']): string {
  const { fleet } = words.value;
  if (plannedGrams === null || plannedSoFarGrams === null) return fleet.noPlan;
  return plannedSoFarGrams === 0 ? fleet.nothingDue : fleet.dueByNow(formatGrams(plannedSoFarGrams));
}
