import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { Field } from '../../parts/field.tsx';
import { words } from '../../words/words.ts';

type SiteFieldProps = { site: string; sites: readonly string[]; hint?: string; isWrong: boolean; onChange: (site: string) => void };

/** The id of a site: one of those that are known, or another. */
export function SiteField({ site, sites, hint, isWrong, onChange }: SiteFieldProps): JSX.Element {
  const { admin } = words.value;
  const listId = useId();
  return (
    <Field label={admin.site} hint={hint} error={isWrong ? admin.wrong.site : undefined}>
      {(control) => (
        <>
          <input
            {...control}
            dir="ltr"
            list={listId}
            autoComplete="off"
            autoCapitalize="off"
            spellcheck={false}
            value={site}
            onInput={({ currentTarget }) => onChange(currentTarget.value)}
          />
          <datalist id={listId}>{sites.map((each) => <option key={each} value={each} />)}</datalist>
        </>
      )}
    </Field>
  );
}
