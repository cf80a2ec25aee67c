import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { asked } from '../api/client.ts';
import type { SignInCode } from '../api/shapes.ts';
import { isLoopback } from '../device/loopback.ts';
import { announce } from '../parts/announcer.tsx';
import { Button } from '../parts/button.tsx';
import { Copyable } from '../parts/copyable.tsx';
import { Countdown } from '../parts/countdown.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Icon } from '../parts/icon.tsx';
import { QrCode } from '../parts/qr.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { useSending } from '../parts/use-sending.ts';
import { api } from '../session/session.ts';
import { words } from '../words/words.ts';

const VALID_SECONDS = 300;

/** Lets a phone in as whoever is signed in here, by a code that works once. */
export function SignInOnPhone({ onClose }: { onClose: () => void }): JSX.Element {
  const { phone } = words.value.admin;
  return (
    <Sheet title={phone.title} onClose={onClose} actions={<Button onClick={onClose}>{words.value.admin.done}</Button>}>
      {isLoopback(location.hostname) ? <p class="note note-warn"><Icon name="alarm" /><span>{phone.loopback}</span></p> : <PhoneCode />}
    </Sheet>
  );
}

function PhoneCode(): JSX.Element {
  const { admin, common } = words.value;
  const { phone } = admin;
  const [made, setMade] = useState<SignInCode | 'over'>();
  const { isSending, failure, send } = useSending();
  const make = (): void => send(() => asked(() => api.POST('/sign-in-codes', { body: { uses: 1, validSeconds: VALID_SECONDS } })), setMade);
  useEffect(make, []);
  const end = (): void => {
    setMade('over');
    announce(words.value.admin.phone.over);
  };

  if (made === 'over') {
    return (
      <>
        <p class="note note-warn">{phone.over}</p>
        {failure && <FailureNote failure={failure} />}
        <Button kind="main" icon="qr" disabled={isSending} onClick={make}>{phone.another}</Button>
      </>
    );
  }
  if (failure) return <FailureNote failure={failure} onRetry={make} />;
  if (made === undefined) return <p class="quiet" role="status">{common.loading}</p>;
  const address = `${location.origin}/#sign-in=${made.code}`;
  return (
    <>
      <p>{phone.about}</p>
      <QrCode text={address} label={phone.qr} />
      <Countdown key={made.code} until={made.expiresAt} say={phone.left} onOver={end} />
      <Copyable label={phone.link} text={address} />
    </>
  );
}
