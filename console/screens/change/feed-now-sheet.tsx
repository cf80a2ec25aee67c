import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Attempt } from '../../change/attempt.ts';
import type { Changes } from '../../change/changes.ts';
import { doseFault, gapEndsMs } from '../../change/dose.ts';
import { obstacleTo } from '../../change/obstacle.ts';
import { numberIn } from '../../change/typed-value.ts';
import { everySecondMs } from '../../device/clock.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { formatTimeWithSeconds } from '../../format/times.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { language } from '../../words/language.ts';
import { words } from '../../words/words.ts';
import { doseText } from './change-text.ts';
import { DoseFacts } from './dose-facts.tsx';
import { DoseField } from './dose-field.tsx';
import { ObstacleNote } from './obstacle-note.tsx';
import './change.css';

type FeedNowProps = { farm: Farm; changes: Changes; feeder: FeederEntry; onClose: () => void };

const FORM = 'feed-now';

/** Asks how much to feed, with what was fed last; then says exactly what will happen, and feeds it once. */
export function FeedNowSheet({ farm, changes, feeder, onClose }: FeedNowProps): JSX.Element {
  const [typed, setTyped] = useState('');
  const [isTold, setTold] = useState(false);
  const [prepared, setPrepared] = useState<Attempt>();
  const { common, change } = words.value;
  const { feedNow } = change;
  const { name, profile, config, timeZone } = feeder.facts.value;
  const guards = profile?.guards;
  const grams = numberIn(typed.trim(), language.value);
  const fault = doseFault(grams, guards);
  const obstacle = obstacleTo(farm.link.value, feeder.facts.value);
  const waits = changes.pendingOf(feeder.feederId).some(({ order }) => order.kind === 'feed-now');
  const tooSoonMs = gapEndsMs(feeder.overview.value?.lastDose, guards, everySecondMs.value);
  const own = isolated(name);
  const canGoOn = obstacle === undefined && !waits;
  const confirm = useRef<HTMLParagraphElement>(null);
  useEffect(() => confirm.current?.focus(), [prepared]);

  const goOn = (): void => {
    setTold(true);
    if (grams !== undefined && fault === undefined) setPrepared(changes.prepare(feeder.feederId, { kind: 'feed-now', grams }));
  };
  const notes = (
    <>
      {obstacle !== undefined && <ObstacleNote obstacle={obstacle} />}
      {waits && <p class="note note-warn"><Icon name="pending" /><span>{feedNow.waits}</span></p>}
      {tooSoonMs !== undefined && !waits && (
        <p class="note note-warn"><Icon name="alarm" /><span>{feedNow.tooSoon(isolated(formatTimeWithSeconds(tooSoonMs, timeZone)))}</span></p>
      )}
      {config?.values['feedingEnabled'] === false && <p class="note note-calm"><Icon name="pause" /><span>{feedNow.isPaused}</span></p>}
    </>
  );

  if (prepared?.order.kind !== 'feed-now') {
    return (
      <Sheet
        title={feedNow.title(own)}
        step="grams"
        onClose={onClose}
        actions={
          <>
            <Button onClick={onClose}>{common.cancel}</Button>
            <Button kind="main" type="submit" form={FORM} disabled={!canGoOn}>{feedNow.next}</Button>
          </>
        }
      >
        <form
          id={FORM}
          class="change-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (canGoOn) goOn();
          }}
        >
          <DoseField typed={typed} guards={guards} fault={isTold ? fault : undefined} onTyped={setTyped} />
        </form>
        {notes}
        <DoseFacts feeder={feeder} />
      </Sheet>
    );
  }
  const dose = isolated(doseText(prepared.order.grams));
  return (
    <Sheet
      title={feedNow.title(own)}
      step="confirm"
      onClose={onClose}
      actions={
        <>
          <Button onClick={() => setPrepared(undefined)}>{feedNow.other}</Button>
          <Button
            kind="main"
            icon="feed"
            disabled={!canGoOn}
            onClick={() => {
              changes.send(prepared);
              onClose();
            }}
          >
            {feedNow.confirm(dose)}
          </Button>
        </>
      }
    >
      <p class="change-certain" tabIndex={-1} ref={confirm}>{feedNow.certain(dose, own)}</p>
      <p>{feedNow.certainHint}</p>
      {notes}
    </Sheet>
  );
}
