import type { JSX } from 'preact';
import type { Command, Profile } from '../../api/shapes.ts';
import { heldAfterRejection } from '../../change/ending.ts';
import { orderOf } from '../../change/order.ts';
import { everySecondMs } from '../../device/clock.ts';
import { reasonText } from '../../format/failures.ts';
import { isolated } from '../../format/isolate.ts';
import { formatNumber } from '../../format/numbers.ts';
import { formatDateTime, formatTimeWithSeconds } from '../../format/times.ts';
import { formatSetting, nameOf } from '../../format/values.ts';
import type { IconName } from '../../parts/icon.tsx';
import { OldNew } from '../../parts/old-new.tsx';
import { Status, type Tone } from '../../parts/status.tsx';
import { Amount, Id, Own } from '../../parts/text.tsx';
import { words } from '../../words/words.ts';
import { changeLinesOf, stateAt, type ChangeLine } from './ledger-after.ts';

type State = Command['state'];

const LOOKS: Record<State, { tone: Tone; icon: IconName }> = {
  sent: { tone: 'pending', icon: 'pending' },
  unresolved: { tone: 'warn', icon: 'pending' },
  applied: { tone: 'good', icon: 'check' },
  rejected: { tone: 'bad', icon: 'close' },
  refused: { tone: 'bad', icon: 'close' },
  expired: { tone: 'warn', icon: 'close' },
  superseded: { tone: 'calm', icon: 'becomes' },
  indeterminate: { tone: 'warn', icon: 'unknown' },
};

type RowProps = { command: Command; profile: Profile | null; timeZone: string };

/** A command: when, who, what, and what became of it; the rest is behind it. */
export function LedgerRow({ command, profile, timeZone }: RowProps): JSX.Element {
  const { ledger, names } = words.value;
  // Only what is under way changes by the clock alone.
  const state = command.state === 'sent' ? stateAt(command, everySecondMs.value) : command.state;
  const isPending = state === 'sent' || state === 'unresolved';
  return (
    <li class={isPending ? 'ledger-row ledger-pending' : 'ledger-row'}>
      <p class="ledger-when"><time dateTime={command.issuedAt}><bdi>{formatDateTime(command.issuedAt, timeZone)}</bdi></time></p>
      <p class="ledger-who"><span class="only-heard">{ledger.who}: </span><Own>{command.issuedBy}</Own></p>
      <div class="ledger-what"><What command={command} profile={profile} /></div>
      <div class="ledger-outcome">
        <p><Status {...LOOKS[state]}>{names.states[state]}</Status></p>
        {command.reason && <p>{reasonText(command.reason)}</p>}
        <Held command={command} />
      </div>
      <p class="ledger-took">{command.latencyMs !== null && <><span class="ledger-label">{ledger.latency} </span><Amount>{spanText(command.latencyMs)}</Amount></>}</p>
      <Details command={command} timeZone={timeZone} />
    </li>
  );
}

/** `18 ms`, `2.4 sec`. */
const spanText = (ms: number): string =>
  ms < 1_000 ? formatNumber(ms, { style: 'unit', unit: 'millisecond', maximumFractionDigits: 0 }) : formatNumber(ms / 1000, { style: 'unit', unit: 'second', maximumFractionDigits: 1 });

function What({ command, profile }: Pick<RowProps, 'command' | 'profile'>): JSX.Element {
  const { orders } = words.value.change;
  const order = orderOf(command);
  switch (order.kind) {
    case 'feed-now':
      return <p class="ledger-order">{orders['feed-now'](isolated(formatSetting('mealGrams', order.grams)))}</p>;
    case 'pause':
    case 'resume':
    case 'clear-alarms':
      return <p class="ledger-order">{orders[order.kind]}</p>;
    case 'set-config':
      return <ul class="ledger-lines">{changeLinesOf(command).map((line) => <Line key={line.name} line={line} profile={profile} />)}</ul>;
  }
}

function Line({ line, profile }: { line: ChangeLine; profile: Profile | null }): JSX.Element {
  const { ledger } = words.value;
  const { name } = line;
  const parameter = profile?.parameters.find((each) => each.name === name);
  const text = (value: Parameters<typeof formatSetting>[1]): string => formatSetting(name, value, parameter);
  return (
    <li>
      <span class="ledger-order">{nameOf(name)}</span>{' '}
      {line.kind === 'held' ? (
        <OldNew old={line.old === undefined ? undefined : text(line.old)} now={text(line.now)} />
      ) : (
        <>
          <span class="quiet">{ledger.askedFor}</span> <Amount>{text(line.asked)}</Amount>
          {line.held !== undefined && <>, <span class="quiet">{ledger.plcHeld}</span> <Amount>{text(line.held)}</Amount></>}
        </>
      )}
    </li>
  );
}

/** What the PLC held after a change that it did not take, where that was read. */
function Held({ command: { kind, state, readBack, previous } }: { command: Command }): JSX.Element | null {
  const { ledger } = words.value;
  if (kind !== 'set-config' || state === 'applied' || readBack === null) return null;
  const held = heldAfterRejection({ readBack, previous: previous ?? {} });
  if (held === 'not-told') return null;
  return held === 'as-before' ? <p>{ledger.asBefore}</p> : <p class="error">{ledger.otherwise}</p>;
}

function Details({ command, timeZone }: { command: Command; timeZone: string }): JSX.Element {
  const { ledger, common, names } = words.value;
  const { reason } = command;
  return (
    <details class="ledger-details">
      <summary>{common.details}</summary>
      <dl>
        <dt>{ledger.transitions}</dt>
        <dd>
          <ol>
            {command.transitions.map(({ state, at }) => (
              <li key={`${state} ${at}`}><time dateTime={at}><bdi>{formatTimeWithSeconds(at, timeZone)}</bdi></time> {names.states[state]}</li>
            ))}
          </ol>
        </dd>
        {command.expiresAt !== null && <><dt>{ledger.deadline}</dt><dd><bdi>{formatTimeWithSeconds(command.expiresAt, timeZone)}</bdi></dd></>}
        {command.version !== null && <><dt>{ledger.version}</dt><dd><Id>{String(command.version)}</Id></dd></>}
        {reason && <><dt>{ledger.reasonCode}</dt><dd lang="en" dir="ltr">{`${reason.code}: ${reason.message}`}</dd></>}
        <dt>{ledger.commandId}</dt>
        <dd><Id>{command.commandId}</Id></dd>
      </dl>
    </details>
  );
}
