import type { JSX } from 'preact';
import type { FeederOverview } from '../../api/shapes.ts';
import { everyTenSecondsMs } from '../../device/clock.ts';
import { formatGrams, formatNumber } from '../../format/numbers.ts';
import { formatDay } from '../../format/times.ts';
import { Ago, Amount } from '../../parts/text.tsx';
import { words } from '../../words/words.ts';

/** A reading that is older than this is told with its age; agents tell several a minute. */
const OLD_MS = 5 * 60_000;

type HopperProps = { hopper: FeederOverview['hopper']; timeZone: string };

/** What the hopper holds, and how long that lasts at the pace of late. */
export function HopperLeft({ hopper, timeZone }: HopperProps): JSX.Element {
  const { fleet, common } = words.value;
  const { grams, readAt } = hopper;
  const isOld = readAt !== null && everyTenSecondsMs.value - Date.parse(readAt) > OLD_MS;
  return (
    <div>
      <div>
        <Amount>{grams === null ? common.unknown : formatGrams(grams)}</Amount>
        {readAt !== null && isOld && <span class="quiet"> ({fleet.readAt} <Ago at={readAt} timeZone={timeZone} />)</span>}
      </div>
      <div class="quiet">{forecastText(hopper, timeZone)}</div>
    </div>
  );
}

function forecastText({ grams, daysLeft, emptyAt }: FeederOverview['hopper'], timeZone: string): string {
  const { fleet } = words.value;
  if (grams === 0) return fleet.isEmpty;
  if (daysLeft === null || emptyAt === null) return fleet.noForecast;
  return `${fleet.lasts(spanText(daysLeft))} · ${fleet.emptyOn(formatDay(emptyAt, timeZone))}`;
}

/** Hours for less than two days, then days; a forecast is no more exact than that. */
const spanText = (days: number): string =>
  days < 2
    ? formatNumber(Math.round(days * 24), { style: 'unit', unit: 'hour', unitDisplay: 'long' })
    : formatNumber(days, { style: 'unit', unit: 'day', unitDisplay: 'long', maximumFractionDigits: days < 10 ? 1 : 0 });
