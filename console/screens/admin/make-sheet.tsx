import type { ComponentChildren, JSX } from 'preact';
import { useId, useRef } from 'preact/hooks';
import type { Failure } from '../../api/client.ts';
import type { Farm } from '../../farm/farm.ts';
import { Button } from '../../parts/button.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { words } from '../../words/words.ts';
import { FormFailure, useFocusOnWrong } from './form-failure.tsx';
import type { WrongFields } from './wrong-fields.ts';

type MakeSheetProps = {
  farm: Farm;
  /** What it makes; also what its button says. */
  title: string;
  isSending: boolean;
  failure: Failure | undefined;
  wrong: WrongFields;
  onSubmit: () => void;
  onClose: () => void;
  children: ComponentChildren;
};

/** A form for something new that is shown once: it stays open while that is on its way. */
export function MakeSheet({ farm, title, isSending, failure, wrong, onSubmit, onClose, children }: MakeSheetProps): JSX.Element {
  const { admin, common } = words.value;
  const form = useRef<HTMLFormElement>(null);
  const formId = useId();
  useFocusOnWrong(form, wrong);
  const close = (): void => {
    if (!isSending) onClose();
  };
  return (
    <Sheet
      title={title}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{common.cancel}</Button>
          <Button kind="main" type="submit" form={formId} disabled={isSending || !farm.canChange.value}>{isSending ? admin.sending : title}</Button>
        </>
      }
    >
      <form
        ref={form}
        id={formId}
        class="admin-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        <FormFailure failure={failure} wrong={wrong} />
        {!farm.canChange.value && <p class="note note-warn">{admin.linkNeeded}</p>}
      </form>
    </Sheet>
  );
}
