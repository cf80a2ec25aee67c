import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { Id } from '../../parts/text.tsx';
import { words } from '../../words/words.ts';

type SitesFieldProps = {
  /** Null is all. */
  sites: readonly string[] | null;
  known: readonly string[];
  /** Whether whoever chooses may give out all sites. */
  mayAll: boolean;
  isWrong: boolean;
  onChange: (sites: readonly string[] | null) => void;
};

/** For which sites something is: all, or some of those that are known. */
export function SitesField({ sites, known, mayAll, isWrong, onChange }: SitesFieldProps): JSX.Element {
  const { admin } = words.value;
  const errorId = useId();
  const toggle = (site: string): void => onChange(sites?.includes(site) ? sites.filter((each) => each !== site) : [...(sites ?? []), site]);
  return (
    <fieldset class="admin-radios" aria-describedby={isWrong ? errorId : undefined}>
      <legend>{admin.sites}</legend>
      {mayAll && (
        <>
          <label><input type="radio" name="which-sites" checked={sites === null} onChange={() => onChange(null)} /><span>{admin.allSites}</span></label>
          <label><input type="radio" name="which-sites" checked={sites !== null} onChange={() => onChange([])} /><span>{admin.someSites}</span></label>
        </>
      )}
      {sites !== null && known.map((site) => (
        <label key={site} class={mayAll ? 'admin-nested' : ''}>
          <input type="checkbox" checked={sites.includes(site)} aria-invalid={isWrong} onChange={() => toggle(site)} />
          <Id>{site}</Id>
        </label>
      ))}
      {isWrong && <p id={errorId} class="error">{admin.wrong.sites}</p>}
    </fieldset>
  );
}
