import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { chooseLanguage, chooseTheme, theme, THEMES } from '../device/appearance.ts';
import { eraseKeptFarm } from '../farm/kept-farm.ts';
import { formatDateTime } from '../format/times.ts';
import { Button } from '../parts/button.tsx';
import { announce } from '../parts/announcer.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Own } from '../parts/text.tsx';
import { endsAtMs } from '../session/session-end.ts';
import { session, signOut } from '../session/session.ts';
import { LANGUAGE_NAMES, LANGUAGES, language } from '../words/language.ts';
import { words } from '../words/words.ts';
import { SignInOnPhone } from './sign-in-on-phone.tsx';

/** Language and colours of this device, and who is signed in on it. */
export function DeviceSettings({ onClose }: { onClose: () => void }): JSX.Element {
  const { common } = words.value;
  const [isForPhone, setForPhone] = useState(false);
  if (isForPhone) return <SignInOnPhone onClose={onClose} />;
  return (
    <Sheet title={common.settings} onClose={onClose}>
      <fieldset class="choices">
        <legend>{common.language}</legend>
        {LANGUAGES.map((each) => (
          <Button
            key={each}
            pressed={language.value === each}
            onClick={() => void chooseLanguage(each).catch(() => announce(words.value.problems.noAnswer, 'now'))}
          >
            <span lang={each}>{LANGUAGE_NAMES[each]}</span>
          </Button>
        ))}
      </fieldset>
      <fieldset class="choices">
        <legend>{common.theme}</legend>
        {THEMES.map((each) => (
          <Button key={each} pressed={theme.value === each} onClick={() => chooseTheme(each)}>{common.themes[each]}</Button>
        ))}
      </fieldset>
      {session.value.kind === 'signed-in' && <Button icon="qr" onClick={() => setForPhone(true)}>{words.value.admin.phone.open}</Button>}
      <WhoIsSignedIn />
    </Sheet>
  );
}

function WhoIsSignedIn(): JSX.Element | null {
  const { common } = words.value;
  const now = session.value;
  const endsAt = endsAtMs.value;
  if (now.kind === 'signed-out' || now.kind === 'checking') return null;
  return (
    <section class="who">
      {now.kind === 'signed-in' && (
        <>
          <p>{common.signedInAs} <strong><Own>{now.me.name}</Own></strong>: {common.roles[now.me.role]}</p>
          <p class="quiet">{endsAt === undefined ? common.session.untilClosed : common.session.until(formatDateTime(endsAt))}</p>
        </>
      )}
      <p class="quiet">{common.session.signOutErases}</p>
      <Button icon="signOut" onClick={() => void signOut(eraseKeptFarm)}>{common.signOut}</Button>
    </section>
  );
}
