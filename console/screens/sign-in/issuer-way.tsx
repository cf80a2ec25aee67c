import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { asked, type Failure } from '../../api/client.ts';
import { Button } from '../../parts/button.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useAsked } from '../../parts/use-asked.ts';
import { canAskIssuer, goToIssuer } from '../../session/oidc.ts';
import { api } from '../../session/session.ts';
import { words } from '../../words/words.ts';

/** The way in through the issuer, where the bridge has one. */
export function IssuerWay(): JSX.Element | null {
  const { signIn } = words.value;
  const { answer } = useAsked((signal) => asked(() => api.GET('/sign-in-ways', { signal })), []);
  const [failure, setFailure] = useState<Failure>();
  const [isLeaving, setLeaving] = useState(false);
  useEffect(() => {
    // One who comes back by the browser's button finds the page as it was left.
    const comeBack = (): void => setLeaving(false);
    addEventListener('pageshow', comeBack);
    return () => removeEventListener('pageshow', comeBack);
  }, []);
  if (answer.kind !== 'ready' || answer.data.oidc === null) return null;
  const { issuer } = answer.data.oidc;
  const leave = async (): Promise<void> => {
    setLeaving(true);
    setFailure(undefined);
    const begun = await goToIssuer();
    if (begun.ok) return;
    setFailure(begun.failure);
    setLeaving(false);
  };
  return (
    <>
      <p class="or"><span>{signIn.or}</span></p>
      {canAskIssuer() ? (
        <Button icon="forward" disabled={isLeaving} onClick={() => void leave()}>{signIn.withIssuer(issuer)}</Button>
      ) : (
        <p class="note note-calm"><Icon name="info" /><span>{signIn.issuerNeedsHttps(issuer)}</span></p>
      )}
      {failure && <FailureNote failure={failure} />}
    </>
  );
}
