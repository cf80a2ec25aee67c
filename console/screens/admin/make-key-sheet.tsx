import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { asked } from '../../api/client.ts';
import type { NewApiKey, Role } from '../../api/shapes.ts';
import { bridgeNowMs } from '../../device/clock.ts';
import type { Farm } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { api } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { expiryAsked, type Expiry } from './expiry.ts';
import { ExpiryField } from './expiry-field.tsx';
import { knownSites, ownSites } from './known-sites.ts';
import { MadeSheet } from './made-sheet.tsx';
import { MakeSheet } from './make-sheet.tsx';
import { NameField } from './name-field.tsx';
import { SitesField } from './sites-field.tsx';
import { Outlasts } from './outlasts.tsx';
import { useMaking } from './use-making.ts';
import { isName, type WrongFields } from './wrong-fields.ts';

const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

type KeyForm = { name: string; role: Role; sites: readonly string[] | null; expiry: Expiry };
type MakeKeySheetProps = { farm: Farm; onMade: () => void; onClose: () => void };

/** Makes a key, and shows it once. */
export function MakeKeySheet({ farm, onMade, onClose }: MakeKeySheetProps): JSX.Element {
  const { admin } = words.value;
  const [form, setForm] = useState<KeyForm>(() => ({ name: '', role: 'viewer', sites: ownSites() === null ? null : [], expiry: { choice: 'year', date: '' } }));
  const { made, make, ...making } = useMaking<NewApiKey>(onMade);
  const submit = (): void => {
    const { name, role, sites } = form;
    const expiry = expiryAsked(form.expiry, bridgeNowMs());
    const body = { name: name.trim(), role, sites: sites && [...sites], ...expiry };
    make(wrongIn(form, expiry !== undefined), () => asked(() => api.POST('/keys', { body })));
  };

  if (made) return <MadeSheet key="made" title={admin.keys.made(isolated(made.name))} shown={[{ label: admin.keys.key, text: made.key }]} onClose={onClose} />;
  return (
    <MakeSheet key="form" farm={farm} title={admin.keys.make} {...making} onSubmit={submit} onClose={onClose}>
      <NameField name={form.name} hint={admin.keys.nameHint} wrong={making.wrong.name} onChange={(name) => setForm({ ...form, name })} />
      <fieldset class="admin-radios">
        <legend>{admin.keys.role}</legend>
        {ROLES.map((role) => (
          <label key={role}>
            <input type="radio" name="role" checked={form.role === role} onChange={() => setForm({ ...form, role })} />
            <span>{admin.keys.roles[role]}</span>
          </label>
        ))}
      </fieldset>
      <SitesField sites={form.sites} known={knownSites(farm)} mayAll={ownSites() === null} isWrong={making.wrong.sites !== undefined} onChange={(sites) => setForm({ ...form, sites })} />
      <ExpiryField expiry={form.expiry} isWrong={making.wrong.expiresAt !== undefined} onChange={(expiry) => setForm({ ...form, expiry })} />
      <Outlasts failure={making.failure} />
    </MakeSheet>
  );
}

const wrongIn = ({ name, sites }: KeyForm, isExpiryRight: boolean): WrongFields => ({
  ...(!isName(name) && { name: 'name' as const }),
  ...(sites?.length === 0 && { sites: 'sites' as const }),
  ...(!isExpiryRight && { expiresAt: 'expiresAt' as const }),
});
