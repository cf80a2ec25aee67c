import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { ChartFigure } from '../../charts/chart-figure.tsx';
import type { BandDrawing } from '../../charts/drawing.ts';
import { bandsOf, presenceSummaryOf } from '../../charts/presence-bands.ts';
import { isolated } from '../../format/isolate.ts';
import { formatNumber } from '../../format/numbers.ts';
import { formatDateTime, formatSpan } from '../../format/times.ts';
import { words } from '../../words/words.ts';
import type { FeederHistory } from './read-history.ts';

/** When the feeder was online, when offline, and when nobody knows. */
export function PresenceChart({ history, timeZone }: { history: FeederHistory; timeZone: string }): JSX.Element {
  const { presence, unknownTime } = words.value.charts;
  const { span } = history;
  const bands = useMemo(() => bandsOf(history.presence, span), [history]);
  const drawing = useMemo((): BandDrawing => ({ kind: 'bands', span, timeZone, bands }), [bands]);
  const summary = presenceSummaryOf(bands, span);
  return (
    <ChartFigure
      title={presence.title}
      summary={summary && [
        // A short time offline is no whole percent.
        presence.summary(isolated(formatNumber(Math.floor(summary.onlineShare * 1000) / 1000, { style: 'percent', maximumFractionDigits: 1 }))),
        summary.offlineCount === 0 ? presence.neverOffline : presence.offlineTimes(summary.offlineCount),
        ...(summary.unknownSeconds >= 60 ? [unknownTime(isolated(formatSpan(summary.unknownSeconds)))] : []),
      ].join(' ')}
      legend={[
        { look: 'online', text: presence.online },
        { look: 'offline', text: presence.offline },
        { look: 'nothing', text: presence.unknown },
      ]}
      drawing={drawing}
      table={() => ({
        columns: [presence.from, presence.to, presence.state, presence.lasted],
        rows: bands.toReversed().map(({ state, fromMs, toMs }) => [
          formatDateTime(fromMs, timeZone), formatDateTime(toMs, timeZone), presence[state], formatSpan((toMs - fromMs) / 1000),
        ]),
      })}
    />
  );
}
