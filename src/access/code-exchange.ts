import * as oauth from 'oauth4webapi';
import { Problem } from '../errors.ts';
import { ANSWER_WITHIN_MS, askIssuer } from './issuer-answer.ts';
import { ALGORITHMS } from './people.ts';

/** The page as the issuer knows it. */
export type OidcClient = { clientId: string; clientSecret: string | undefined };

export type AuthorizationServer = { issuer: string; tokenEndpoint: string; authMethods: readonly string[] | undefined };

/** What the issuer sent somebody back with, and what proves that it was this one who asked. */
export type IssuedCode = { code: string; codeVerifier: string; redirectUri: string };

/** The tokens that a code was exchanged for. */
export type IssuedTokens = { accessToken: string; idToken: string | undefined };

/** The issuer takes the code for none of its own, or not of this one. */
export const refusedByIssuer = (): Problem =>
  new Problem('unauthenticated', 'The issuer did not take this code: it is used up, too old or of another page. Sign in again.', {
    headers: { 'WWW-Authenticate': 'Bearer' },
  });

/** What an issuer says of a code, rather than of this bridge. */
const OF_THE_CODE = ['invalid_grant', 'invalid_request'];

/**
 * Exchanges a code at the issuer's token endpoint. `aheadSeconds`: how far the bridge's clock is ahead of the machine's.
 * @throws Problem 401 `unauthenticated` where the issuer refuses the code; Error for whatever else goes wrong there.
 */
export async function exchangeCode(server: AuthorizationServer, client: OidcClient, issued: IssuedCode, aheadSeconds: number): Promise<IssuedTokens> {
  const as = { issuer: server.issuer, token_endpoint: server.tokenEndpoint, id_token_signing_alg_values_supported: ALGORITHMS };
  const known = { client_id: client.clientId, [oauth.clockSkew]: aheadSeconds, [oauth.clockTolerance]: 5 };
  // The page compared the state; what came back is the code alone.
  const callback = oauth.validateAuthResponse(as, known, new URLSearchParams({ code: issued.code }), oauth.skipStateCheck);
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const answer = await oauth.authorizationCodeGrantRequest(as, known, authenticationOf(client, server), callback, issued.redirectUri, issued.codeVerifier, {
    [oauth.customFetch]: (url, { method, headers, body }) => askIssuer(url, { method, headers, body, signal }),
    // Which issuers may be asked over http, those of this very machine, was decided where they were discovered.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to warn of it, not to be removed
    [oauth.allowInsecureRequests]: true,
  });
  try {
    const { access_token: accessToken, id_token: idToken } = await oauth.processAuthorizationCodeResponse(as, known, answer);
    return { accessToken, idToken };
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError && OF_THE_CODE.includes(error.error)) throw refusedByIssuer();
    throw error;
  }
}

function authenticationOf({ clientSecret }: OidcClient, { authMethods }: AuthorizationServer): oauth.ClientAuth {
  if (clientSecret === undefined) return oauth.None();
  const takesBasic = authMethods === undefined || authMethods.includes('client_secret_basic');
  return takesBasic ? oauth.ClientSecretBasic(clientSecret) : oauth.ClientSecretPost(clientSecret);
}
