import { asked, type Asked } from '../api/client.ts';
import { keep, readKept } from '../device/kept.ts';
import { api, refuse, signInBy } from './session.ts';

/** What must be known still when the issuer sends somebody back. */
type Begun = { state: string; codeVerifier: string; returnTo: string };

/** Whether people can sign in by their issuer here: a browser hashes for pages by HTTPS or of this machine alone. */
export const canAskIssuer = (): boolean => isSecureContext;

/** Leaves for the issuer's page. What comes back instead is what the bridge has against it. */
export async function goToIssuer(): Promise<Asked<unknown>> {
  const begun: Begun = { state: randomText(), codeVerifier: randomText(), returnTo: location.hash };
  const codeChallenge = base64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(begun.codeVerifier))));
  const answer = await asked(() => api.POST('/oidc-authorizations', { body: { redirectUri: ownAddress(), state: begun.state, codeChallenge } }));
  if (!answer.ok) return answer;
  const { protocol } = new URL(answer.data.url);
  if (protocol !== 'https:' && protocol !== 'http:') throw new Error(`expected the bridge to name a page, not ${protocol}`);
  keep('forTab', 'oidc', JSON.stringify(begun));
  location.assign(answer.data.url);
  return answer;
}

/** Takes what the issuer sent back, and returns the fragment of the screen that somebody was to come to. */
export function takeIssuerAnswer(answer: IssuerAnswer): string {
  const begun = begunIn(readKept('forTab', 'oidc'));
  keep('forTab', 'oidc', undefined);
  // Somebody else's answer would let one in as somebody else.
  if (begun?.state !== answer.state) void refuse({ kind: 'signed-out', why: 'issuer-stray' });
  else if (answer.code === undefined) void refuse({ kind: 'signed-out', why: 'issuer-refused' });
  else void signInBy({ oidc: { code: answer.code, codeVerifier: begun.codeVerifier, redirectUri: ownAddress() } });
  return begun?.returnTo ?? '';
}

/** What an issuer sent somebody back with; without a code it let nobody in. */
export type IssuerAnswer = { state: string; code: string | undefined };

/** The issuer's answer in an address such as `/?code=…&state=…`; undefined where there is none. */
export function issuerAnswerIn(search: string): IssuerAnswer | undefined {
  const query = new URLSearchParams(search);
  const state = query.get('state');
  const code = query.get('code') ?? undefined;
  if (state === null || (code === undefined && !query.has('error'))) return undefined;
  return { state, code };
}

/** What was begun in this tab, if it is still known and whole. */
export function begunIn(text: string | undefined): Begun | undefined {
  if (text === undefined) return undefined;
  const isWhole = (value: unknown): value is Begun =>
    typeof value === 'object' &&
    value !== null &&
    'state' in value && typeof value.state === 'string' &&
    'codeVerifier' in value && typeof value.codeVerifier === 'string' &&
    'returnTo' in value && typeof value.returnTo === 'string' && /^(#|$)/.test(value.returnTo);
  try {
    const begun: unknown = JSON.parse(text);
    return isWhole(begun) ? begun : undefined;
  } catch {
    return undefined;
  }
}

const ownAddress = (): string => `${location.origin}/`;

const randomText = (): string => base64Url(crypto.getRandomValues(new Uint8Array(32)));

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
