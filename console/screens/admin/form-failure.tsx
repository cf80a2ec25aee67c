import type { JSX, RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Failure } from '../../api/client.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Icon } from '../../parts/icon.tsx';
import { words } from '../../words/words.ts';
import type { WrongFields } from './wrong-fields.ts';

/** Why a form was not taken: at its fields where it lies there, else as the bridge told it. */
export function FormFailure({ failure, wrong }: { failure: Failure | undefined; wrong: WrongFields }): JSX.Element | null {
  const { admin } = words.value;
  if (Object.keys(wrong).length > 0) return <p class="note note-bad" role="alert"><Icon name="alarm" /><span>{admin.lookAtFields}</span></p>;
  if (failure === undefined) return null;
  return (
    <>
      <FailureNote failure={failure} />
      {failure.kind === 'no-answer' && <p>{admin.maybeDone}</p>}
    </>
  );
}

/** Leads to the first field that was not taken, each time some were not. */
export function useFocusOnWrong(form: RefObject<HTMLFormElement | null>, wrong: WrongFields): void {
  useEffect(() => {
    if (Object.keys(wrong).length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [wrong]);
}
