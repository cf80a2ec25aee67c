import { inWords } from '../alarm-names.ts';
import type { StoredAlarm } from '../store/alarms.ts';
import type { ClaimedNotice, Recipient } from '../store/notices.ts';

export type Letter = { subject: string; text: string };

type EmailRecipient = Extract<Recipient, { kind: 'email' }>;

/** What an e-mail says of an alarm, in plain words; times are told in the site's time zone. */
export function letterOf({ moment, alarm, feeder }: Omit<ClaimedNotice, 'to'>, to: EmailRecipient): Letter {
  const when = (epochMs: number): string => inTimeZone(epochMs, feeder.timeZone);
  const what = inWords(alarm.name);
  const place = `${feeder.name}, ${feeder.site}`;
  const isOver = alarm.clearedAtMs !== null;
  const lines = [
    `Feeder: ${feeder.name} (${feeder.feederId})`,
    `Site: ${feeder.site}`,
    `Alarm: ${what} (${alarm.severity})`,
    `What: ${alarm.detail}`,
    `Since: ${when(alarm.raisedAtMs)}`,
    ...(alarm.acknowledgedAtMs === null ? [] : [`Acknowledged: ${when(alarm.acknowledgedAtMs)}, by ${alarm.acknowledgedBy ?? 'nobody known'}`]),
    ...(alarm.clearedAtMs === null ? [] : [`Over: ${when(alarm.clearedAtMs)}`]),
    '',
    ...(isOver ? ['There is nothing left to do.'] : whatToDo(alarm, to, when)),
  ];
  const state = moment === 'cleared' ? 'Over' : alarm.severity === 'critical' ? 'CRITICAL' : 'Alarm';
  return { subject: `${state}: ${what} - ${place}`, text: `${lines.join('\n')}\n` };
}

function whatToDo(alarm: StoredAlarm, { next }: EmailRecipient, when: (epochMs: number) => string): string[] {
  if (alarm.acknowledgedAtMs !== null) return ['Somebody takes care of it already.'];
  return [
    'What to do: see to the feeder, and tell the bridge that you do by acknowledging the alarm, with your API key:',
    `  POST /api/v1/feeders/${alarm.feederId}/alarms/${alarm.alarmId}/acknowledge`,
    ...(next === null ? [] : [`Unless somebody does, ${next.address} hears of it at ${when(next.atMs)}.`]),
  ];
}

const inTimeZone = (epochMs: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  }).format(epochMs);
