import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { asked } from '../../api/client.ts';
import type { Alarm } from '../../api/shapes.ts';
import { spanOf, type TimeRange } from '../../charts/time-range.ts';
import { bridgeNowMs } from '../../device/clock.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { PagedList } from '../../parts/paged-list.tsx';
import { usePages } from '../../parts/use-pages.ts';
import { api } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { OpenAlarm, PastAlarm } from './alarm-item.tsx';
import { newestEventOf } from './newest-event.ts';
import { spanQuery } from './read-history.ts';
import { ThresholdList } from './thresholds.tsx';
import { TimeRangePicker } from './time-range-picker.tsx';
import './alarms.css';

type SectionProps = { farm: Farm; feeder: FeederEntry };

/** What is wrong with the feeder, what was, and when the bridge says so. */
export function AlarmsSection({ farm, feeder }: SectionProps): JSX.Element {
  const { alarms } = words.value;
  return (
    <section class="alarms" aria-labelledby="alarms-title">
      <h2 id="alarms-title">{alarms.title}</h2>
      <OpenAlarms farm={farm} feeder={feeder} />
      <Folded title={alarms.past}><PastAlarms farm={farm} feeder={feeder} /></Folded>
      <Folded title={alarms.thresholds.title}><ThresholdList farm={farm} feeder={feeder} /></Folded>
    </section>
  );
}

/** Asked for when it is opened for the first time. */
function Folded({ title, children }: { title: string; children: JSX.Element }): JSX.Element {
  const [wasOpened, setOpened] = useState(false);
  return (
    <details class="card folded" onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary>{title}</summary>
      {wasOpened && <div class="folded-inside">{children}</div>}
    </details>
  );
}

const SEVERITIES: readonly Alarm['severity'][] = ['critical', 'warning', 'info'];

/** The worst first, and of those the newest. */
const worstFirst = (alarms: readonly Alarm[]): Alarm[] =>
  alarms.toSorted((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) || other.raisedAt.localeCompare(one.raisedAt));

/** Whatever tells that the alarms of a feeder are others than before. */
const useAlarmNews = (farm: Farm, { feederId, overview }: FeederEntry): string =>
  useComputed(() => `${newestEventOf(farm, feederId, ['alarm']) ?? ''} ${overview.value?.openAlarmCount ?? ''}`).value;

function OpenAlarms({ farm, feeder }: SectionProps): JSX.Element {
  const { alarms } = words.value;
  const { feederId } = feeder;
  const { timeZone } = feeder.facts.value;
  const news = useAlarmNews(farm, feeder);
  const { pages, more, again } = usePages(
    (cursor, signal) => asked(() => api.GET('/feeders/{feederId}/alarms', { params: { path: { feederId }, query: { state: 'open', limit: 100, ...cursor } }, signal })),
    [news],
  );
  return (
    <PagedList pages={pages} onMore={more} onRetry={again} empty={alarms.none}>
      {(items) => (
        <ul class="open-list">
          {worstFirst(items).map((alarm) => <OpenAlarm key={alarm.alarmId} farm={farm} alarm={alarm} timeZone={timeZone} onAcknowledged={again} />)}
        </ul>
      )}
    </PagedList>
  );
}

function PastAlarms({ farm, feeder }: SectionProps): JSX.Element {
  const { feederId } = feeder;
  const { timeZone } = feeder.facts.value;
  const [range, setRange] = useState<TimeRange>({ kind: 'last', days: 7 });
  const news = useAlarmNews(farm, feeder);
  const { pages, more, again } = usePages(
    (cursor, signal) => {
      // A cursor knows its span; the page after it must not be asked for another.
      const span = 'cursor' in cursor ? {} : spanQuery(spanOf(range, bridgeNowMs(), timeZone));
      return asked(() => api.GET('/feeders/{feederId}/alarms', { params: { path: { feederId }, query: { state: 'cleared', limit: 20, ...span, ...cursor } }, signal }));
    },
    [range, news],
  );
  return (
    <>
      <TimeRangePicker range={range} timeZone={timeZone} onPick={setRange} />
      <PagedList pages={pages} onMore={more} onRetry={again} empty={words.value.alarms.nonePast}>
        {(items) => <ul class="past-list">{items.map((alarm) => <PastAlarm key={alarm.alarmId} alarm={alarm} timeZone={timeZone} />)}</ul>}
      </PagedList>
    </>
  );
}
