import type { Attempt } from '../../change/attempt.ts';
import { heldAfterRejection, type Ending } from '../../change/ending.ts';
import type { Order } from '../../change/order.ts';
import type { Profile, Values } from '../../api/shapes.ts';
import { problemText, reasonText } from '../../format/failures.ts';
import { isolated } from '../../format/isolate.ts';
import { formatSetting, nameOf } from '../../format/values.ts';
import type { Tone } from '../../parts/status.tsx';
import { words } from '../../words/words.ts';

/** What an order is, in few words: `Meal size → 130 g`, `Pause`. */
export function orderText(order: Order, profile: Profile | null): string {
  const { orders, willBe } = words.value.change;
  switch (order.kind) {
    case 'set-config':
      return Object.entries(order.changes)
        .map(([name, value]) => `${nameOf(name)} ${willBe(isolated(formatSetting(name, value, parameterOf(profile, name))))}`)
        .join(', ');
    case 'feed-now':
      return orders['feed-now'](isolated(formatSetting('grams', order.grams, GRAMS)));
    case 'pause':
    case 'resume':
    case 'clear-alarms':
      return orders[order.kind];
  }
}

const GRAMS = { name: 'grams', type: 'number', unit: 'g', min: 0, max: Infinity } as const;

/** Grams to the last digit. */
export const doseText = (grams: number): string => formatSetting('grams', grams, GRAMS);

export const parameterOf = (profile: Profile | null, name: string): Profile['parameters'][number] | undefined =>
  profile?.parameters.find((each) => each.name === name);

/** How good or bad it is, and whether somebody must look at it now. */
export function toneOf({ progress }: Attempt): Tone {
  if (progress.kind !== 'ended') return progress.kind === 'unsure' || (progress.kind === 'pending' && progress.isOverdue) ? 'warn' : 'pending';
  const { kind } = progress.ending;
  if (kind === 'applied') return 'good';
  return kind === 'superseded' || kind === 'changed-meanwhile' ? 'warn' : 'bad';
}

/** Where an attempt stands or how it ended, in plain words, with what to do next. */
export function attemptText({ order, progress }: Attempt, profile: Profile | null): string {
  const { standings, standingHints } = words.value.change;
  switch (progress.kind) {
    case 'sending':
      return sentence(standings.sending);
    case 'unsure':
      return `${sentence(standings.unsure)} ${standingHints.unsure}`;
    case 'pending':
      return progress.isOverdue ? `${sentence(standings.overdue)} ${standingHints.overdue}` : sentence(standings.pending);
    case 'ended':
      return endingText(order, progress.ending, profile);
  }
}

const sentence = (text: string): string => `${text.charAt(0).toLocaleUpperCase()}${text.slice(1)}.`;

function endingText(order: Order, ending: Ending, profile: Profile | null): string {
  const { endings } = words.value.change;
  switch (ending.kind) {
    case 'applied':
      return endings.applied[order.kind];
    case 'rejected':
      return [endings.rejected, ending.reason && reasonText(ending.reason), order.kind === 'set-config' ? heldText(ending, profile) : undefined]
        .filter((text) => text !== undefined)
        .join(' ');
    case 'superseded':
    case 'expired':
    case 'indeterminate':
    case 'offline':
    case 'invalid':
    case 'unknown':
      return endings[ending.kind];
    case 'refused':
      return ending.problem ? `${endings.refused} ${problemText(ending.problem)}` : endings.refused;
    case 'changed-meanwhile':
      return endings.changedMeanwhile;
    case 'plc-unreachable':
      return endings.plcUnreachable;
    case 'command-pending':
      return endings.commandPending;
    case 'not-allowed':
      return endings.notAllowed;
    case 'never-arrived':
      return endings.neverArrived;
  }
}

function heldText(ending: { readBack: Values; previous: Values }, profile: Profile | null): string {
  const { endings } = words.value.change;
  switch (heldAfterRejection(ending)) {
    case 'as-before':
      return endings.asBefore;
    case 'not-told':
      return endings.notTold;
    case 'otherwise':
      return endings.otherwise(
        Object.entries(ending.readBack)
          .map(([name, value]) => `${nameOf(name)} ${isolated(formatSetting(name, value, parameterOf(profile, name)))}`)
          .join(', '),
      );
  }
}
