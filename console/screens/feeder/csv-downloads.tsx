import type { JSX } from 'preact';
import { asked, type Asked } from '../../api/client.ts';
import { dateAt, type TimeSpan } from '../../charts/site-days.ts';
import { announce } from '../../parts/announcer.tsx';
import { Button } from '../../parts/button.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { useSending } from '../../parts/use-sending.ts';
import { api } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { spanQuery } from './read-history.ts';

const KINDS = ['readings', 'meals', 'presence'] as const;
type Kind = (typeof KINDS)[number];

/** Asks for a history as CSV. The key goes in the header, so a plain link would not do. */
const readCsv = (feederId: string, kind: Kind, span: TimeSpan): Promise<Asked<Blob>> =>
  asked(() => api.GET(`/feeders/{feederId}/${kind}`, { params: { path: { feederId }, query: spanQuery(span) }, headers: { Accept: 'text/csv' }, parseAs: 'blob' }));

function save(csv: Blob, file: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(csv);
  link.download = file;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The history of the span that is shown, as files for a spreadsheet. */
export function CsvDownloads({ feederId, span, timeZone, isDisabled }: { feederId: string; span: TimeSpan; timeZone: string; isDisabled: boolean }): JSX.Element {
  const { download } = words.value.charts;
  const { isSending, failure, send } = useSending();
  const start = (kind: Kind): void => {
    const file = `${feederId}-${kind}-${dateAt(span.fromMs, timeZone)}-${dateAt(span.toMs - 1, timeZone)}.csv`;
    send(
      () => readCsv(feederId, kind, span),
      (csv) => {
        save(csv, file);
        announce(words.value.charts.download.done(file));
      },
    );
  };
  return (
    <div class="csv-downloads">
      <fieldset class="choices" aria-busy={isSending}>
        <legend>{isSending ? download.preparing : download.title}</legend>
        {KINDS.map((kind) => <Button key={kind} icon="download" disabled={isDisabled || isSending} onClick={() => start(kind)}>{download[kind]}</Button>)}
      </fieldset>
      {failure && <FailureNote failure={failure} />}
    </div>
  );
}
