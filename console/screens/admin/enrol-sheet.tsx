import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { asked } from '../../api/client.ts';
import type { EnrolledFeeder } from '../../api/shapes.ts';
import type { Farm } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { Button } from '../../parts/button.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { api } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { EnrolFields } from './enrol-fields.tsx';
import { Enrolled } from './enrolled.tsx';
import { tidied, wrongIn, type Enrolment } from './enrolment.ts';
import { knownSites } from './known-sites.ts';
import { MakeSheet } from './make-sheet.tsx';
import { useMaking } from './use-making.ts';

type EnrolSheetProps = { farm: Farm; onEnrolled: () => void; onClose: () => void };

/** Enrols a feeder, and then gives its agent a way in. */
export function EnrolSheet({ farm, onEnrolled, onClose }: EnrolSheetProps): JSX.Element {
  const { admin } = words.value;
  const sites = knownSites(farm);
  const [enrolment, setEnrolment] = useState<Enrolment>(() => ({
    feederId: '',
    name: '',
    site: sites.length === 1 ? (sites[0] ?? '') : '',
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }));
  const { made: enrolled, make, ...making } = useMaking<EnrolledFeeder>(onEnrolled);
  const submit = (): void => {
    const body = tidied(enrolment);
    make(wrongIn(body), () => asked(() => api.POST('/feeders', { body })));
  };

  if (enrolled) {
    return (
      <Sheet key="enrolled" title={admin.feeders.enrolled(isolated(enrolled.name))} onClose={onClose} actions={<Button onClick={onClose}>{admin.done}</Button>}>
        <Enrolled farm={farm} feeder={enrolled} />
      </Sheet>
    );
  }
  return (
    <MakeSheet key="form" farm={farm} title={admin.feeders.enrol} {...making} onSubmit={submit} onClose={onClose}>
      <EnrolFields enrolment={enrolment} sites={sites} wrong={making.wrong} onChange={setEnrolment} />
    </MakeSheet>
  );
}
