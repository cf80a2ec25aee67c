import type { JSX } from 'preact';
import { Field } from '../../parts/field.tsx';
import { words } from '../../words/words.ts';
import type { Wrong } from './wrong-fields.ts';

type NameFieldProps = { name: string; hint: string; wrong: Wrong | undefined; onChange: (name: string) => void };

/** What people call something, in any script. */
export const NameField = ({ name, hint, wrong, onChange }: NameFieldProps): JSX.Element => (
  <Field label={words.value.admin.name} hint={hint} error={wrong && words.value.admin.wrong[wrong]}>
    {(control) => <input {...control} dir="auto" maxLength={100} autoComplete="off" value={name} onInput={({ currentTarget }) => onChange(currentTarget.value)} />}
  </Field>
);
