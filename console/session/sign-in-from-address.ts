import { issuerAnswerIn, takeIssuerAnswer } from './oidc.ts';
import { signInBy } from './session.ts';

const CODE = /^#sign-in=(.*)$/;

/**
 * Signs in with what the address brought, if it brought anything: a code, as in `/#sign-in=…`, or an issuer's answer. It is
 * taken out of the address and the history at once.
 */
export function signInFromAddress(): boolean {
  const code = CODE.exec(location.hash)?.[1];
  if (code !== undefined) {
    history.replaceState(null, '', '/');
    void signInBy({ code });
    return true;
  }
  const answer = issuerAnswerIn(location.search);
  if (answer === undefined) return false;
  history.replaceState(null, '', '/');
  const returnTo = takeIssuerAnswer(answer);
  history.replaceState(null, '', `/${returnTo}`);
  return true;
}
