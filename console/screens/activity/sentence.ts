import type { Alarm, Command, Meal } from '../../api/shapes.ts';
import { isolated } from '../../format/isolate.ts';
import { formatGrams } from '../../format/numbers.ts';
import { alarmName } from '../../format/values.ts';
import type { IconName } from '../../parts/icon.tsx';
import { SEVERITY_LOOKS } from '../../parts/severity-looks.ts';
import type { Tone } from '../../parts/status.tsx';
import { words } from '../../words/words.ts';
import type { Entry, What } from './entries.ts';

/** What happened, in one plain sentence, in the language that is shown. */
export function sentenceOf({ what }: Entry): string {
  const { sentences } = words.value.activity;
  switch (what.type) {
    case 'presence':
      return what.state === 'online' ? sentences.online : sentences.offline(words.value.names.presenceReasons[what.reason]);
    case 'command':
      return commandSentence(what.command);
    case 'config':
      return what.config.source === 'local' ? sentences.configLocal : sentences.configStart;
    case 'meal':
      return mealSentence(what.meal);
    case 'alarm':
      return alarmSentence(what.alarm, what.turn);
  }
}

function commandSentence({ kind, changes, grams, issuedBy }: Command): string {
  const { sentences } = words.value.activity;
  const who = isolated(issuedBy);
  switch (kind) {
    case 'feed-now':
      return sentences.feedNow(who, isolated(grams === undefined ? words.value.common.unknown : formatGrams(grams)));
    case 'clear-alarms':
      return sentences.clearAlarms(who);
    case 'set-config': {
      const switched = switchedFeeding(changes);
      if (switched === undefined) return sentences.changes(who);
      return switched ? sentences.resume(who) : sentences.pause(who);
    }
  }
}

/** Whether feeding was to go on or to stop, where a change is about nothing else. */
export function switchedFeeding(changes: Command['changes']): boolean | undefined {
  const { feedingEnabled, ...others } = changes ?? {};
  return typeof feedingEnabled === 'boolean' && Object.keys(others).length === 0 ? feedingEnabled : undefined;
}

function mealSentence({ count, grams, plannedGrams, source, booked }: Meal): string {
  const { sentences } = words.value.activity;
  const amount = isolated(formatGrams(grams));
  const by = words.value.names.mealSources[source];
  const planned = plannedGrams === null || (source === 'feed-now' && plannedGrams === grams) ? sentences.meal(amount, by) : sentences.mealOf(amount, isolated(formatGrams(plannedGrams)), by);
  const fed = count > 1 ? sentences.meals(count, amount) : planned;
  return booked ? `${fed} ${sentences.booked}` : fed;
}

function alarmSentence({ name, acknowledgedBy }: Alarm, turn: 'raised' | 'acknowledged' | 'over'): string {
  const { sentences } = words.value.activity;
  const alarm = isolated(alarmName(name));
  switch (turn) {
    case 'raised':
      return sentences.alarmRaised(alarm);
    case 'acknowledged':
      return sentences.alarmAcknowledged(alarm, isolated(acknowledgedBy ?? words.value.common.unknown));
    case 'over':
      return sentences.alarmOver(alarm);
  }
}

type Look = { icon: IconName; tone: Tone };

/** The icon beside it; its colour says nothing that the sentence does not. */
export function lookOf(what: What): Look {
  switch (what.type) {
    case 'presence':
      return { icon: what.state, tone: what.state === 'online' ? 'good' : 'bad' };
    case 'command':
      return { icon: commandIcon(what.command), tone: 'calm' };
    case 'config':
      return { icon: 'settings', tone: what.config.source === 'local' ? 'warn' : 'calm' };
    case 'meal':
      return { icon: 'meal', tone: 'calm' };
    case 'alarm':
      return what.turn === 'raised' ? SEVERITY_LOOKS[what.alarm.severity] : { icon: what.turn === 'over' ? 'check' : 'alarm', tone: what.turn === 'over' ? 'good' : 'calm' };
  }
}

function commandIcon({ kind, changes }: Command): IconName {
  if (kind === 'feed-now') return 'feed';
  if (kind === 'clear-alarms') return 'alarm';
  const switched = switchedFeeding(changes);
  if (switched === undefined) return 'edit';
  return switched ? 'resume' : 'pause';
}

const STATES: Record<Command['state'], Look> = {
  sent: { icon: 'pending', tone: 'pending' },
  unresolved: { icon: 'pending', tone: 'warn' },
  applied: { icon: 'check', tone: 'good' },
  rejected: { icon: 'close', tone: 'bad' },
  expired: { icon: 'close', tone: 'bad' },
  superseded: { icon: 'close', tone: 'warn' },
  indeterminate: { icon: 'unknown', tone: 'warn' },
  refused: { icon: 'close', tone: 'bad' },
};

/** How a command stands, in words: only settings are held, doses are given. */
export const stateText = ({ kind, state }: Command): string =>
  state === 'applied' && kind !== 'set-config' ? words.value.activity.carriedOut : words.value.names.states[state];

export const stateLook = (state: Command['state']): Look => STATES[state];
