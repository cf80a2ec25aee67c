import type { JSX } from 'preact';
import type { FeederOverview } from '../../api/shapes.ts';
import { minutesOf, stretchesOf, type Stretch } from '../../fleet/presence-day.ts';
import { formatSpan, formatTime } from '../../format/times.ts';
import { words } from '../../words/words.ts';

const LENGTH = 1440;
const HEIGHT = 12;
/** What is offline for a moment is seen all the same: it is drawn as five minutes at least. */
const SHORTEST_SEEN = 5;

type PresenceBarProps = { overview: Pick<FeederOverview, 'at' | 'presence'>; timeZone: string; isOld: boolean };

/** When it was online in the last 24 hours: full where it was, low where it was not, a thin line where nobody knows. */
export function PresenceBar({ overview, timeZone, isOld }: PresenceBarProps): JSX.Element {
  const { fleet } = words.value;
  const stretches = stretchesOf(overview);
  const said = presenceText(minutesOf(stretches));
  return (
    <div class="day">
      <div>{said}</div>
      <div class="day-chart" dir="ltr" aria-hidden="true">
        <svg viewBox={`0 0 ${LENGTH} ${HEIGHT}`} preserveAspectRatio="none" focusable="false">
          <path class="day-online" d={blocks(stretches, 'online', HEIGHT)} />
          <path class="day-unknown" d={blocks(stretches, 'unknown', 2)} />
          <path class="day-offline" d={blocks(stretches, 'offline', HEIGHT / 2)} />
        </svg>
        <div class="day-ends"><bdi>{fleet.dayAgo}</bdi><bdi>{isOld ? formatTime(overview.at, timeZone) : fleet.now}</bdi></div>
      </div>
    </div>
  );
}

function blocks(stretches: readonly Stretch[], state: Stretch['state'], height: number): string {
  return stretches
    .filter((each) => each.state === state)
    .map(({ from, to }) => {
      const width = Math.max((to - from) * LENGTH, state === 'offline' ? SHORTEST_SEEN : 0);
      const x = Math.min(from * LENGTH, LENGTH - width);
      return `M${x.toFixed(1)} ${HEIGHT - height}h${width.toFixed(1)}v${height}h-${width.toFixed(1)}z`;
    })
    .join('');
}

/** The same in words. */
function presenceText({ online, offline, unknown }: Record<Stretch['state'], number>): string {
  const { fleet } = words.value;
  if (online === LENGTH) return fleet.onlineAllDay;
  if (offline === LENGTH) return fleet.offlineAllDay;
  if (unknown === LENGTH) return fleet.nothingKnown24;
  const parts = online > 0 ? [fleet.online24(formatSpan(online * 60))] : [];
  if (offline > 0) parts.push(fleet.offline24(formatSpan(offline * 60)));
  if (unknown > 0) parts.push(fleet.unknown24(formatSpan(unknown * 60)));
  return parts.join(', ');
}
