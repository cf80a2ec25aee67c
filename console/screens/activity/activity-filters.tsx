import type { JSX } from 'preact';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Filters } from '../../parts/filters.tsx';
import type { IconName } from '../../parts/icon.tsx';
import { words } from '../../words/words.ts';
import { ENTRY_TYPES, type EntryType } from './entries.ts';
import type { Filter } from './shown-entries.ts';

const ICONS: Record<EntryType, IconName> = { presence: 'link', command: 'edit', config: 'settings', meal: 'meal', alarm: 'alarm' };

type ActivityFiltersProps = { filter: Filter; sites: readonly string[]; onChange: (filter: Filter) => void };

/** Which things that happened are shown: of one type, of one site, of some feeders. */
export function ActivityFilters({ filter, sites, onChange }: ActivityFiltersProps): JSX.Element {
  const { activity, common } = words.value;
  const press = (type: EntryType | undefined): void => onChange({ ...filter, type });
  const active = [filter.type === undefined ? '' : activity.types[filter.type], filter.site ?? '', filter.feeder.trim()].filter((each) => each !== '');
  return (
    <Filters label={activity.filters} active={active}>
      <fieldset class="choices">
        <legend class="only-heard">{activity.filters}</legend>
        <Button pressed={filter.type === undefined} onClick={() => press(undefined)}>{common.all}</Button>
        {ENTRY_TYPES.map((type) => (
          <Button key={type} icon={ICONS[type]} pressed={filter.type === type} onClick={() => press(filter.type === type ? undefined : type)}>
            {activity.types[type]}
          </Button>
        ))}
      </fieldset>
      <div class="activity-where">
        {sites.length > 1 && (
          <Field label={activity.site}>
            {(control) => (
              <select {...control} value={filter.site ?? ''} onChange={(event) => onChange({ ...filter, site: event.currentTarget.value === '' ? undefined : event.currentTarget.value })}>
                <option value="">{activity.allSites}</option>
                {sites.map((site) => <option key={site} value={site}>{site}</option>)}
              </select>
            )}
          </Field>
        )}
        <Field label={activity.feeder}>
          {(control) => (
            <input
              {...control}
              type="search"
              dir="auto"
              autoComplete="off"
              placeholder={activity.feederHint}
              value={filter.feeder}
              onInput={(event) => onChange({ ...filter, feeder: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
    </Filters>
  );
}
