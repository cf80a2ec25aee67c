import type { JSX } from 'preact';
import type { Asked } from '../../api/client.ts';
import type { Farm } from '../../farm/farm.ts';
import { announce } from '../../parts/announcer.tsx';
import { Button } from '../../parts/button.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { useSending } from '../../parts/use-sending.ts';
import { words } from '../../words/words.ts';
import { FormFailure } from './form-failure.tsx';

type ConfirmRemovalSheetProps = {
  farm: Farm;
  title: string;
  about: readonly string[];
  confirm: string;
  /** What is told once it is done. */
  done: string;
  remove: () => Promise<Asked<null>>;
  onRemoved: () => void;
  onClose: () => void;
};

/** Asks once before something is taken away that cannot be brought back. */
export function ConfirmRemovalSheet({ farm, title, about, confirm, done, remove, onRemoved, onClose }: ConfirmRemovalSheetProps): JSX.Element {
  const { admin, common } = words.value;
  const { isSending, failure, send } = useSending();
  const finish = (): void => {
    announce(done);
    onRemoved();
    onClose();
  };
  return (
    <Sheet
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button kind="danger" icon="remove" disabled={isSending || !farm.canChange.value} onClick={() => send(remove, finish)}>{isSending ? admin.sending : confirm}</Button>
        </>
      }
    >
      {about.map((each) => <p key={each}>{each}</p>)}
      <FormFailure failure={failure} wrong={{}} />
      {!farm.canChange.value && <p class="note note-warn">{admin.linkNeeded}</p>}
    </Sheet>
  );
}
