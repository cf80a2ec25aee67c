import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { asked } from '../../api/client.ts';
import type { FeederToken } from '../../api/shapes.ts';
import type { Farm } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { formatDateTime } from '../../format/times.ts';
import { Button } from '../../parts/button.tsx';
import { Copyable } from '../../parts/copyable.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { useSending } from '../../parts/use-sending.ts';
import { api } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { FormFailure } from './form-failure.tsx';

const OVERLAPS = ['usual', 'day', 'none'] as const;
const OVERLAP_SECONDS = { usual: 900, day: 86_400, none: 0 } as const;

type RotateTokenSheetProps = { farm: Farm; feeder: { feederId: string; name: string }; onClose: () => void };

/** Gives a feeder's agent another token, and says how long the old one is good. */
export function RotateTokenSheet({ farm, feeder: { feederId, name }, onClose }: RotateTokenSheetProps): JSX.Element {
  const { admin, common } = words.value;
  const [overlap, setOverlap] = useState<(typeof OVERLAPS)[number]>('usual');
  const [made, setMade] = useState<FeederToken>();
  const { isSending, failure, send } = useSending();
  const make = (): void =>
    send(() => asked(() => api.POST('/feeders/{feederId}/token', { params: { path: { feederId }, query: { overlapSeconds: OVERLAP_SECONDS[overlap] } } })), setMade);
  const close = (): void => {
    if (!isSending) onClose();
  };
  const title = admin.rotate.title(isolated(name));

  if (made) {
    return (
      <Sheet key="made" title={title} onClose={onClose} actions={<Button onClick={onClose}>{admin.done}</Button>}>
        <Copyable label={admin.feeders.token} text={made.token} />
        <p>{admin.feeders.tokenPlace}</p>
        <p>{made.previousTokenUntil === null ? admin.rotate.oldGone : admin.rotate.oldUntil(isolated(formatDateTime(made.previousTokenUntil)))}</p>
        <p class="hint">{admin.onlyOnce}</p>
      </Sheet>
    );
  }
  return (
    <Sheet
      key="form"
      title={title}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{common.cancel}</Button>
          <Button kind="main" icon="key" disabled={isSending || !farm.canChange.value} onClick={make}>{isSending ? admin.sending : admin.rotate.make}</Button>
        </>
      }
    >
      <p>{admin.rotate.about}</p>
      <fieldset class="admin-radios">
        <legend>{admin.rotate.overlap}</legend>
        {OVERLAPS.map((each) => (
          <label key={each}>
            <input type="radio" name="overlap" checked={overlap === each} onChange={() => setOverlap(each)} />
            <span>{admin.rotate.overlaps[each]}</span>
          </label>
        ))}
      </fieldset>
      <FormFailure failure={failure} wrong={{}} />
      {!farm.canChange.value && <p class="note note-warn">{admin.linkNeeded}</p>}
    </Sheet>
  );
}
