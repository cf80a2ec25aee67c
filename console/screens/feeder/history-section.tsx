import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { forecastOf } from '../../charts/forecast.ts';
import { limitsOf } from '../../charts/limits.ts';
import { spanOf, type TimeRange } from '../../charts/time-range.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { formatDateTime } from '../../format/times.ts';
import { Button } from '../../parts/button.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { useAsked } from '../../parts/use-asked.ts';
import { words } from '../../words/words.ts';
import { CsvDownloads } from './csv-downloads.tsx';
import { MealsChart } from './meals-chart.tsx';
import { OtherReading } from './other-reading.tsx';
import { PresenceChart } from './presence-chart.tsx';
import { CHARTED, readHistory, type FeederHistory } from './read-history.ts';
import { ReadingChart } from './reading-chart.tsx';
import { thresholdChanges } from './threshold-changes.ts';
import { TimeRangePicker } from './time-range-picker.tsx';
import { useUpToDate } from './use-up-to-date.ts';
import './history.css';

/** What happened to the feeder, in charts. */
export function HistorySection({ farm, feeder }: { farm: Farm; feeder: FeederEntry }): JSX.Element {
  const { charts, common } = words.value;
  const { timeZone } = feeder.facts.value;
  const [range, setRange] = useState<TimeRange>({ kind: 'last', days: 7 });
  const { asOfMs, refresh } = useUpToDate(farm, feeder.feederId);
  const span = spanOf(range, asOfMs, timeZone);
  const { answer } = useAsked((signal) => readHistory(feeder.feederId, span, asOfMs, signal), [range, asOfMs, thresholdChanges.value]);
  // What was shown stays, with its age, where asking anew fails.
  const known = useRef<FeederHistory | undefined>(undefined);
  if (answer.kind === 'ready') known.current = answer.data;
  const shown = known.current;
  const isOld = answer.kind !== 'ready' || answer.isOld;
  const isLost = farm.link.value.kind === 'lost';
  return (
    <section class="history" aria-labelledby="history-title">
      <header class="history-head">
        <h2 id="history-title">{charts.title}</h2>
        <p class="quiet">
          {shown && <>{charts.asOf(isolated(formatDateTime(shown.asOfMs, timeZone)))} · </>}
          {charts.inZone(isolated(timeZone))}
        </p>
        <Button kind="quiet" icon="refresh" disabled={isLost} onClick={refresh}>{charts.refresh}</Button>
      </header>
      <TimeRangePicker
        range={range}
        timeZone={timeZone}
        onPick={(picked) => {
          setRange(picked);
          refresh();
        }}
      />
      {answer.kind === 'failed' && <FailureNote failure={answer.failure} onRetry={refresh} />}
      {answer.kind !== 'failed' && isOld && <p class={shown ? 'only-heard' : 'quiet'} role="status">{common.loading}</p>}
      {shown && (
        <>
          <Charts feeder={feeder} history={shown} timeZone={timeZone} isOld={isOld} />
          <CsvDownloads feederId={feeder.feederId} span={shown.span} timeZone={timeZone} isDisabled={isLost} />
        </>
      )}
    </section>
  );
}

function Charts({ feeder, history, timeZone, isOld }: { feeder: FeederEntry; history: FeederHistory; timeZone: string; isOld: boolean }): JSX.Element {
  const { thresholds, readings, span, asOfMs } = history;
  const { config } = feeder.facts.value;
  const limits = useMemo(() => {
    const of = (name: string) => limitsOf(name, thresholds, config?.values);
    return { [CHARTED.oxygen]: of(CHARTED.oxygen), [CHARTED.temperature]: of(CHARTED.temperature) };
  }, [history, config]);
  const overview = feeder.overview.value;
  // As it was when the levels were read: it would move the chart under one's finger every minute.
  const forecast = useMemo(() => (overview && span.toMs === asOfMs ? forecastOf(overview, span.toMs - span.fromMs) : undefined), [history, overview === undefined]);
  const emptyAt = forecast && overview?.hopper.emptyAt;
  /** A PLC that does not tell a reading has no chart of it. */
  const has = (name: string): boolean => name in (feeder.state.peek()?.values ?? {}) || readings.items.some(({ values }) => name in values);
  const any = Object.values(CHARTED).some(has);
  return (
    <div class={isOld ? 'charts charts-old' : 'charts'} aria-busy={isOld}>
      <MealsChart history={history} timeZone={timeZone} />
      {(has(CHARTED.hopper) || !any) && (
        <ReadingChart
          name={CHARTED.hopper}
          shown={history}
          timeZone={timeZone}
          forecast={forecast}
          also={emptyAt ? words.value.charts.hopper.emptyAt(isolated(formatDateTime(emptyAt, timeZone))) : undefined}
        />
      )}
      {has(CHARTED.temperature) && <ReadingChart name={CHARTED.temperature} shown={history} timeZone={timeZone} limits={limits[CHARTED.temperature]} />}
      {has(CHARTED.oxygen) && <ReadingChart name={CHARTED.oxygen} shown={history} timeZone={timeZone} limits={limits[CHARTED.oxygen]} />}
      <PresenceChart history={history} timeZone={timeZone} />
      <OtherReading feeder={feeder} history={history} timeZone={timeZone} />
    </div>
  );
}
