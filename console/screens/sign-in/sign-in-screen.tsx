import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { failureText } from '../../format/failures.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { session, type SignedOut } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { askForFocus } from '../screen-focus.ts';
import { IssuerWay } from './issuer-way.tsx';
import { KeyForm } from './key-form.tsx';
import './sign-in.css';

/** Why one has to sign in, where that is news. What is wrong with a key stands beside it. */
function reasonOf(out: SignedOut): string | undefined {
  const { signIn } = words.value;
  switch (out.why) {
    case 'never':
    case 'left':
    case 'wrong-key':
      return undefined;
    case 'ended':
      return signIn.ended;
    case 'expired':
      return signIn.expired;
    case 'code-used':
      return signIn.codeUsed;
    case 'issuer-refused':
      return signIn.issuerRefused;
    case 'issuer-stray':
      return signIn.issuerStray;
    case 'failed':
      return failureText(out.failure);
  }
}

/** Who uses the console? With a key; or through the issuer, where the bridge has one. The address keeps the screen to come to. */
export function SignInScreen({ settings: Settings }: { settings: (props: { onClose: () => void }) => JSX.Element }): JSX.Element {
  const { signIn, common } = words.value;
  const [isSettingUp, setSettingUp] = useState(false);
  const now = session.value;
  const reason = now.kind === 'signed-out' ? reasonOf(now) : undefined;
  const title = `${signIn.title} – ${common.product}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => askForFocus, []);
  return (
    <main class="sign-in" id="content">
      <div class="card">
        <header>
          <img src="/icons/icon.svg" alt="" width="48" height="48" />
          <span class="brand">{common.product}</span>
          <Button kind="quiet" icon="settings" label={common.menu} onClick={() => setSettingUp(true)} />
        </header>
        <h1 tabIndex={-1}>{signIn.title}</h1>
        <div role="alert">
          {reason !== undefined && <p class="note note-warn"><Icon name="info" /><span>{reason}</span></p>}
        </div>
        <KeyForm />
        <IssuerWay />
      </div>
      {isSettingUp && <Settings onClose={() => setSettingUp(false)} />}
    </main>
  );
}
