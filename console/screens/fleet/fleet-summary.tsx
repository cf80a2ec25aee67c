import type { JSX } from 'preact';
import { CONCERNS, countConcerns, type Concern } from '../../fleet/standing.ts';
import { formatNumber } from '../../format/numbers.ts';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { words } from '../../words/words.ts';
import { clearConcerns, concerns, toggleConcern } from './fleet-view.ts';
import type { Fleet } from './listed.ts';

const ICONS: Record<Concern, IconName> = { alarms: 'alarm', plcUnreachable: 'plcLost', offline: 'offline', paused: 'pause', hopperSoonEmpty: 'hopper' };

/** How the fleet is in numbers, each of which shows only those feeders. */
export function FleetSummary({ fleet }: { fleet: Fleet }): JSX.Element {
  const { summary } = words.value.fleet;
  const standings = fleet.standings.all.value;
  // With none there is a screen of its own: here they are on their way.
  const isKnown = standings.length > 0;
  const counts = countConcerns(standings);
  return (
    <div class="summary" role="group" aria-label={summary.label}>
      <SummaryButton icon="fleet" word={summary.all} count={isKnown ? standings.length : undefined} isPressed={concerns.value.size === 0} onClick={clearConcerns} />
      {CONCERNS.map((concern) => (
        <SummaryButton
          key={concern}
          icon={ICONS[concern]}
          concern={concern}
          word={summary[concern]}
          count={isKnown ? counts[concern] : undefined}
          isPressed={concerns.value.has(concern)}
          onClick={() => toggleConcern(concern)}
        />
      ))}
    </div>
  );
}

type SummaryButtonProps = { icon: IconName; concern?: Concern; word: string; count: number | undefined; isPressed: boolean; onClick: () => void };

const SummaryButton = ({ icon, concern, word, count, isPressed, onClick }: SummaryButtonProps): JSX.Element => (
  <button type="button" class="button summary-button" data-concern={count === 0 ? undefined : concern} aria-pressed={isPressed} onClick={onClick}>
    <Icon name={icon} />
    <strong class="amount">{count === undefined ? words.value.fleet.summary.notYetKnown : formatNumber(count)}</strong>
    <span>{word}</span>
  </button>
);
