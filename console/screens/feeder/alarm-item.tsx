import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { asked } from '../../api/client.ts';
import type { Alarm } from '../../api/shapes.ts';
import type { Farm } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { formatDateTime, formatSpan } from '../../format/times.ts';
import { alarmName } from '../../format/values.ts';
import { announce } from '../../parts/announcer.tsx';
import { Button } from '../../parts/button.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { SeverityStatus } from '../../parts/severity.tsx';
import { Ago, Own } from '../../parts/text.tsx';
import { useSending } from '../../parts/use-sending.ts';
import { api, may } from '../../session/session.ts';
import { language } from '../../words/language.ts';
import { words } from '../../words/words.ts';

type AlarmItemProps = { farm: Farm; alarm: Alarm; timeZone: string; onAcknowledged: () => void };

/** An alarm that is open, with a button to say that one knows of it. */
export function OpenAlarm({ farm, alarm, timeZone, onAcknowledged }: AlarmItemProps): JSX.Element {
  const { alarms } = words.value;
  const { isSending, failure, send } = useSending();
  const { alarmId, feederId } = alarm;
  const name = alarmName(alarm.name);
  const item = useRef<HTMLLIElement>(null);
  const acknowledge = (): void =>
    send(
      () => asked(() => api.POST('/feeders/{feederId}/alarms/{alarmId}/acknowledge', { params: { path: { feederId, alarmId } } })),
      () => {
        announce(words.value.alarms.acknowledged(isolated(name)));
        // The button goes; whoever pressed it stays at the alarm.
        item.current?.focus();
        onAcknowledged();
      },
    );
  return (
    <li ref={item} tabIndex={-1} class={`card alarm alarm-${alarm.severity}`}>
      <div class="alarm-head">
        <SeverityStatus severity={alarm.severity} />
        <h3><Own>{name}</Own></h3>
      </div>
      <p>{alarms.since} <Moment at={alarm.raisedAt} timeZone={timeZone} /> (<Ago at={alarm.raisedAt} timeZone={timeZone} />)</p>
      <Detail text={alarm.detail} />
      <Acknowledgement alarm={alarm} timeZone={timeZone} />
      {alarm.acknowledgedAt === null && may('operator') && (
        <Button icon="check" label={alarms.acknowledgeOf(name)} disabled={isSending || !farm.canChange.value} onClick={acknowledge}>{alarms.acknowledge}</Button>
      )}
      {failure && <FailureNote failure={failure} />}
    </li>
  );
}

/** An alarm that is over. */
export function PastAlarm({ alarm, timeZone }: { alarm: Alarm; timeZone: string }): JSX.Element {
  const { alarms } = words.value;
  const { raisedAt, clearedAt } = alarm;
  return (
    <li class="alarm alarm-past">
      <div class="alarm-head">
        <SeverityStatus severity={alarm.severity} />
        <h4><Own>{alarmName(alarm.name)}</Own></h4>
      </div>
      <p>
        {alarms.from} <Moment at={raisedAt} timeZone={timeZone} />
        {clearedAt !== null && <> {alarms.to} <Moment at={clearedAt} timeZone={timeZone} />, {alarms.lasted(isolated(formatSpan((Date.parse(clearedAt) - Date.parse(raisedAt)) / 1000)))}</>}
      </p>
      <Detail text={alarm.detail} />
      <Acknowledgement alarm={alarm} timeZone={timeZone} />
    </li>
  );
}

const Moment = ({ at, timeZone }: { at: string; timeZone: string }): JSX.Element => (
  <time dateTime={at}><bdi>{formatDateTime(at, timeZone)}</bdi></time>
);

/** The bridge tells it in English. */
function Detail({ text }: { text: string }): JSX.Element {
  if (language.value === 'en') return <p>{text}</p>;
  return (
    <details>
      <summary>{words.value.alarms.serverText}</summary>
      <p lang="en" dir="ltr">{text}</p>
    </details>
  );
}

function Acknowledgement({ alarm: { acknowledgedAt, acknowledgedBy, state }, timeZone }: { alarm: Alarm; timeZone: string }): JSX.Element | null {
  const { alarms, common } = words.value;
  if (acknowledgedAt === null) return state === 'open' ? <p class="quiet">{alarms.notAcknowledged}</p> : null;
  return <p class="quiet">{alarms.acknowledgedBy} <Own>{acknowledgedBy ?? common.unknown}</Own>, <Moment at={acknowledgedAt} timeZone={timeZone} /></p>;
}
