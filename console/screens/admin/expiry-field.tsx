import type { JSX } from 'preact';
import { Field } from '../../parts/field.tsx';
import { words } from '../../words/words.ts';
import { EXPIRY_CHOICES, type Expiry } from './expiry.ts';

type ExpiryFieldProps = { expiry: Expiry; isWrong: boolean; onChange: (expiry: Expiry) => void };

/** Until when something new is good. */
export function ExpiryField({ expiry, isWrong, onChange }: ExpiryFieldProps): JSX.Element {
  const { admin } = words.value;
  const error = isWrong ? admin.wrong.expiresAt : undefined;
  return (
    <>
      <Field label={admin.expiry.label} error={expiry.choice === 'date' ? undefined : error}>
        {(control) => (
          <select
            {...control}
            value={expiry.choice}
            onChange={({ currentTarget }) => onChange({ ...expiry, choice: EXPIRY_CHOICES.find((each) => each === currentTarget.value) ?? expiry.choice })}
          >
            {EXPIRY_CHOICES.map((choice) => <option key={choice} value={choice}>{admin.expiry.choices[choice]}</option>)}
          </select>
        )}
      </Field>
      {expiry.choice === 'date' && (
        <Field label={admin.expiry.date} error={error}>
          {(control) => <input {...control} type="date" value={expiry.date} onInput={({ currentTarget }) => onChange({ ...expiry, date: currentTarget.value })} />}
        </Field>
      )}
    </>
  );
}
