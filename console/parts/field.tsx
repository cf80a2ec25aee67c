import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

type FieldProps = {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** Draws what is filled in, with the id its label is for, and what describes it. */
  children: (control: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }) => ComponentChildren;
};

/** Something to fill in, with its label, its hint, and what is wrong with it. */
export function Field({ label, hint, error, children }: FieldProps): JSX.Element {
  const id = useId();
  const described = [hint === undefined ? undefined : `${id}-hint`, error === undefined ? undefined : `${id}-error`].filter((each) => each !== undefined).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': described === '' ? undefined : described, 'aria-invalid': error !== undefined })}
      {hint !== undefined && <p id={`${id}-hint`} class="hint">{hint}</p>}
      {error !== undefined && <p id={`${id}-error`} class="error">{error}</p>}
    </div>
  );
}
