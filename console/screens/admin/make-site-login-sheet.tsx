import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { asked } from '../../api/client.ts';
import type { NewSiteLogin } from '../../api/shapes.ts';
import { bridgeNowMs } from '../../device/clock.ts';
import type { Farm } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { api } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { expiryAsked, type Expiry } from './expiry.ts';
import { ExpiryField } from './expiry-field.tsx';
import { knownSites } from './known-sites.ts';
import { MadeSheet } from './made-sheet.tsx';
import { MakeSheet } from './make-sheet.tsx';
import { NameField } from './name-field.tsx';
import { Outlasts } from './outlasts.tsx';
import { SiteField } from './site-field.tsx';
import { useMaking } from './use-making.ts';
import { isId, isName } from './wrong-fields.ts';

type LoginForm = { site: string; name: string; expiry: Expiry };
type MakeSiteLoginSheetProps = { farm: Farm; onMade: () => void; onClose: () => void };

/** Makes a site login, and shows its password once. */
export function MakeSiteLoginSheet({ farm, onMade, onClose }: MakeSiteLoginSheetProps): JSX.Element {
  const { admin } = words.value;
  const sites = knownSites(farm);
  const [form, setForm] = useState<LoginForm>(() => ({ site: sites.length === 1 ? (sites[0] ?? '') : '', name: '', expiry: { choice: 'year', date: '' } }));
  const { made, make, ...making } = useMaking<NewSiteLogin>(onMade);
  const submit = (): void => {
    const site = form.site.trim();
    const name = form.name.trim();
    const expiry = expiryAsked(form.expiry, bridgeNowMs());
    const wrong = {
      ...(!isId(site) && { site: 'site' as const }),
      ...(!isName(name) && { name: 'name' as const }),
      ...(expiry === undefined && { expiresAt: 'expiresAt' as const }),
    };
    make(wrong, () => asked(() => api.POST('/site-logins', { body: { site, name, ...expiry } })));
  };

  if (made) {
    const shown = [{ label: admin.logins.username, text: made.username }, { label: admin.logins.password, text: made.password }];
    return <MadeSheet key="made" title={admin.logins.made(isolated(made.name))} shown={shown} onClose={onClose} />;
  }
  return (
    <MakeSheet key="form" farm={farm} title={admin.logins.make} {...making} onSubmit={submit} onClose={onClose}>
      <NameField name={form.name} hint={admin.logins.nameHint} wrong={making.wrong.name} onChange={(name) => setForm({ ...form, name })} />
      <SiteField site={form.site} sites={sites} isWrong={making.wrong.site !== undefined} onChange={(site) => setForm({ ...form, site })} />
      <ExpiryField expiry={form.expiry} isWrong={making.wrong.expiresAt !== undefined} onChange={(expiry) => setForm({ ...form, expiry })} />
      <Outlasts failure={making.failure} />
    </MakeSheet>
  );
}
