import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { words } from '../../words/words.ts';
import { groupBy, layout, query, siteChosen, sortBy, type KeptChoice } from './fleet-view.ts';
import type { Fleet } from './listed.ts';

/** Search, sites, and how the list is shown; the last is behind a button where there is little room. */
export function FleetControls({ fleet: { standings } }: { fleet: Fleet }): JSX.Element {
  const { fleet } = words.value;
  const sites = [...new Set(standings.all.value.map(({ site }) => site))].sort();
  const [isOpen, setOpen] = useState(false);
  return (
    <div class="controls">
      <div class="controls-search">
        <Field label={fleet.search}>
          {(control) => <input {...control} type="search" dir="auto" autocomplete="off" spellcheck={false} value={query.value} onInput={({ currentTarget }) => (query.value = currentTarget.value)} />}
        </Field>
        <Button icon="settings" class="controls-more" expanded={isOpen} onClick={() => setOpen(!isOpen)}>{fleet.view}</Button>
      </div>
      <div class="controls-view" data-open={isOpen}>
        {sites.length > 1 && <SiteSelect sites={sites} />}
        <ChoiceSelect label={fleet.groupBy} choice={groupBy} nameOf={(option) => fleet.groupings[option]} />
        <ChoiceSelect label={fleet.sortBy} choice={sortBy} nameOf={(option) => fleet.sortings[option]} />
        <LayoutChoice />
      </div>
    </div>
  );
}

function SiteSelect({ sites }: { sites: readonly string[] }): JSX.Element {
  const { fleet } = words.value;
  const chosen = siteChosen.value;
  return (
    <Field label={fleet.site}>
      {(control) => (
        <select {...control} value={chosen !== undefined && sites.includes(chosen) ? chosen : ''} onChange={({ currentTarget: { value } }) => (siteChosen.value = value === '' ? undefined : value)}>
          <option value="">{fleet.allSites}</option>
          {sites.map((site) => <option key={site} value={site}>{site}</option>)}
        </select>
      )}
    </Field>
  );
}

type ChoiceSelectProps<T extends string> = { label: string; choice: KeptChoice<T>; nameOf: (option: T) => string };

function ChoiceSelect<T extends string>({ label, choice, nameOf }: ChoiceSelectProps<T>): JSX.Element {
  return (
    <Field label={label}>
      {(control) => (
        <select
          {...control}
          value={choice.now.value}
          onChange={({ currentTarget: { value } }) => {
            const chosen = choice.options.find((option) => option === value);
            if (chosen !== undefined) choice.choose(chosen);
          }}
        >
          {choice.options.map((option) => <option key={option} value={option}>{nameOf(option)}</option>)}
        </select>
      )}
    </Field>
  );
}

function LayoutChoice(): JSX.Element {
  const { fleet } = words.value;
  return (
    <fieldset class="choices">
      <legend>{fleet.layout}</legend>
      {layout.options.map((option) => (
        <Button key={option} icon={option === 'tiles' ? 'fleet' : 'rows'} pressed={layout.now.value === option} onClick={() => layout.choose(option)}>{fleet.layouts[option]}</Button>
      ))}
    </fieldset>
  );
}
