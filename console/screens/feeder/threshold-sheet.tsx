import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { asked } from '../../api/client.ts';
import type { AlarmThresholds } from '../../api/shapes.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { announce } from '../../parts/announcer.tsx';
import { Button } from '../../parts/button.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Field } from '../../parts/field.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { useSending } from '../../parts/use-sending.ts';
import { api } from '../../session/session.ts';
import { language } from '../../words/language.ts';
import { words } from '../../words/words.ts';
import { thresholdChanges } from './threshold-changes.ts';
import { draftOf, reviewThresholds, THRESHOLDS, type ThresholdFault, type ThresholdField } from './threshold-draft.ts';
import { thresholdText } from './threshold-text.ts';

type ThresholdSheetProps = { farm: Farm; feeder: FeederEntry; held: AlarmThresholds; onClose: () => void };

/** Changes when alarms are raised. Only what differs from what was shown is sent, so that nobody else's change is undone. */
export function ThresholdSheet({ farm, feeder, held, onClose }: ThresholdSheetProps): JSX.Element {
  const { common, alarms, change } = words.value;
  const { thresholds } = alarms;
  const { feederId } = feeder;
  // What it was when the sheet was opened; what is read anew meanwhile does not change what one is typing.
  const [begun] = useState(held);
  const [draft, setDraft] = useState(() => draftOf(held, language.value));
  const [isTried, setTried] = useState(false);
  const { isSending, failure, send } = useSending();
  const { changes, faults } = reviewThresholds(draft, begun, language.value);
  const isNothing = Object.keys(changes).length === 0 && faults.size === 0;
  const canChange = farm.canChange.value;
  const submit = (): void => {
    setTried(true);
    if (faults.size > 0 || isNothing || !canChange) return;
    send(
      () => asked(() => api.PATCH('/feeders/{feederId}/alarm-thresholds', { params: { path: { feederId } }, body: changes })),
      () => {
        thresholdChanges.value += 1;
        announce(words.value.alarms.thresholds.saved);
        onClose();
      },
    );
  };
  return (
    <Sheet
      title={thresholds.changeTitle(isolated(feeder.facts.value.name))}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button kind="main" disabled={isNothing || isSending || !canChange} onClick={submit}>{common.save}</Button>
        </>
      }
    >
      <form
        class="threshold-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {THRESHOLDS.map(({ name, unit, least, most }) => (
          <ThresholdInput
            key={name}
            name={thresholds.names[name]}
            field={draft[name]}
            range={thresholds.range(isolated(thresholdText(least, unit)), isolated(thresholdText(most, unit)))}
            fault={isTried ? faults.get(name) : undefined}
            onChange={(field) => setDraft({ ...draft, [name]: field })}
          />
        ))}
        {/* Enter in a field sends the form. */}
        <input type="submit" hidden />
      </form>
      {!canChange && <p class="note note-warn">{change.cannot.linkLost}</p>}
      {isTried && faults.size > 0 && <p class="error" role="alert">{thresholds.toCorrect}</p>}
      {isNothing && <p class="hint">{thresholds.nothingChanged}</p>}
      {failure && <FailureNote failure={failure} />}
    </Sheet>
  );
}

type ThresholdInputProps = { name: string; field: ThresholdField; range: string; fault: ThresholdFault | undefined; onChange: (field: ThresholdField) => void };

function ThresholdInput({ name, field, range, fault, onChange }: ThresholdInputProps): JSX.Element {
  const { thresholds } = words.value.alarms;
  const faults = { unreadable: thresholds.unreadable, 'not-whole': thresholds.notWhole, 'out-of-range': thresholds.outOfRange(range) };
  return (
    <div class="threshold-input">
      <Field label={name} hint={thresholds.takes(range)} error={fault && faults[fault]}>
        {(control) => (
          <input
            {...control}
            type="text"
            inputMode="decimal"
            autoComplete="off"
            dir="ltr"
            disabled={!field.isWatched}
            value={field.typed}
            onInput={(event) => onChange({ ...field, typed: event.currentTarget.value })}
          />
        )}
      </Field>
      <label class="threshold-watch">
        <input
          type="checkbox"
          checked={field.isWatched}
          aria-label={thresholds.isWatched(name)}
          onChange={(event) => onChange({ ...field, isWatched: event.currentTarget.checked })}
        />
        <span aria-hidden="true">{field.isWatched ? words.value.common.on : words.value.common.off}</span>
      </label>
    </div>
  );
}
