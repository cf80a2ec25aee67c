import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import { Field } from '../../parts/field.tsx';
import { words } from '../../words/words.ts';
import type { Enrolment } from './enrolment.ts';
import { NameField } from './name-field.tsx';
import { SiteField } from './site-field.tsx';
import type { WrongFields } from './wrong-fields.ts';

type EnrolFieldsProps = { enrolment: Enrolment; sites: readonly string[]; wrong: WrongFields; onChange: (enrolment: Enrolment) => void };

/** Id, name, site and time zone of a new feeder. */
export function EnrolFields({ enrolment, sites, wrong, onChange }: EnrolFieldsProps): JSX.Element {
  const { admin } = words.value;
  const zoneListId = useId();
  const timeZones = useMemo(() => Intl.supportedValuesOf('timeZone'), []);
  const asId = { dir: 'ltr', autoComplete: 'off', autoCapitalize: 'off', spellcheck: false } as const;
  return (
    <>
      <NameField name={enrolment.name} hint={admin.feeders.nameHint} wrong={wrong.name} onChange={(name) => onChange({ ...enrolment, name })} />
      <Field label={admin.feeders.id} hint={admin.feeders.idHint} error={wrong.feederId && admin.wrong[wrong.feederId]}>
        {(control) => <input {...control} {...asId} value={enrolment.feederId} onInput={({ currentTarget }) => onChange({ ...enrolment, feederId: currentTarget.value })} />}
      </Field>
      <SiteField site={enrolment.site} sites={sites} hint={admin.feeders.siteHint} isWrong={wrong.site !== undefined} onChange={(site) => onChange({ ...enrolment, site })} />
      <Field label={admin.feeders.timeZone} hint={admin.feeders.timeZoneHint} error={wrong.timeZone && admin.wrong[wrong.timeZone]}>
        {(control) => (
          <>
            <input {...control} {...asId} list={zoneListId} value={enrolment.timeZone} onInput={({ currentTarget }) => onChange({ ...enrolment, timeZone: currentTarget.value })} />
            <datalist id={zoneListId}>{timeZones.map((timeZone) => <option key={timeZone} value={timeZone} />)}</datalist>
          </>
        )}
      </Field>
    </>
  );
}
