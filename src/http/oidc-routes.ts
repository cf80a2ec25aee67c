import { z } from 'zod';
import { issuerUnavailable } from '../access/people.ts';
import { noOidc, type OidcSignIn } from '../access/oidc-sign-in.ts';
import { bodyProblems, parseBody } from './json-body.ts';
import { bodyLike, type Operation } from './operation.ts';
import { redirectElsewhere, RedirectUri, requireOwnOrigin } from './redirect-uri.ts';
import { answered } from './shapes.ts';
import { taken } from './taken-bodies.ts';

export type OidcRouteDeps = {
  /** Where the page may let people sign in. */
  oidcSignIn: OidcSignIn | undefined;
};

const SignInWaysShape = z
  .object({
    oidc: z
      .object({ issuer: z.string().meta({ description: 'The host of whoever vouches for people.' }) })
      .nullable()
      .meta({ description: 'Null: people do not sign in here.' }),
  })
  .register(answered, { id: 'SignInWays', description: 'The ways to sign in besides a key or a code.' });

/** `GET /sign-in-ways` */
export const getSignInWays = ({ oidcSignIn }: OidcRouteDeps): Operation => ({
  operationId: 'getSignInWays',
  role: 'anyone',
  tag: 'Signing in',
  summary: 'See how to sign in',
  description: 'For a page that asks its user how. Keys and codes are always taken.',
  answers: { 200: { description: 'The ways.', body: bodyLike(SignInWaysShape, { oidc: { issuer: 'login.farm.example' } }) } },
  problems: [],
  handle: (_request, response) => {
    response.json({ oidc: oidcSignIn === undefined ? null : { issuer: oidcSignIn.issuerHost } } satisfies z.output<typeof SignInWaysShape>);
  },
});

const AuthorizationBody = z
  .strictObject({
    redirectUri: RedirectUri,
    state: z.string().regex(/^[\x21-\x7e]{1,256}$/, 'expected 1 to 256 printable characters without spaces').meta({ description: 'Comes back with the answer, for the page to compare.' }),
    codeChallenge: z
      .string()
      .regex(/^[\w-]{43}$/, 'expected the SHA-256 of the code verifier, in base64url')
      .meta({ description: 'The SHA-256 of the code verifier, in base64url (RFC 7636, S256).' }),
  })
  .register(taken, { id: 'OidcAuthorizationRequest', description: 'Where to come back to, and what the answer will be held against.' });

const AuthorizationShape = z
  .object({ url: z.string().meta({ description: 'Where to send the user.' }) })
  .register(answered, { id: 'OidcAuthorization', description: "The address of the issuer's page." });

const EXAMPLE: z.output<typeof AuthorizationBody> = {
  redirectUri: 'https://feeders.farm.example/',
  state: 'b7pQ0cQ2Zr1yX3nE',
  codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
};

const authorizationExample = new URL('https://login.farm.example/authorize');
authorizationExample.search = new URLSearchParams({
  response_type: 'code',
  client_id: 'feederbridge-page',
  redirect_uri: EXAMPLE.redirectUri,
  scope: 'openid profile',
  state: EXAMPLE.state,
  code_challenge: EXAMPLE.codeChallenge,
  code_challenge_method: 'S256',
}).toString();

/** `POST /oidc-authorizations` */
export const startOidcAuthorization = ({ oidcSignIn }: OidcRouteDeps): Operation => ({
  operationId: 'startOidcAuthorization',
  role: 'anyone',
  tag: 'Signing in',
  summary: 'Ask where people sign in',
  description:
    'The first step of the authorization code flow with PKCE: send the user to `url`. The issuer sends it back to `redirectUri` with a `code`, which ' +
    '`POST /sign-ins` takes. A page is sent back to its own origin alone.',
  body: { ...bodyLike(AuthorizationBody, EXAMPLE), contentTypes: ['application/json'] },
  answers: { 200: { description: 'Where to send the user.', body: bodyLike(AuthorizationShape, { url: authorizationExample.href }) } },
  problems: [...bodyProblems(['application/json']), redirectElsewhere(), noOidc(), issuerUnavailable()],
  handle: async (request, response) => {
    const asked = parseBody(AuthorizationBody, request.body);
    requireOwnOrigin(request, asked.redirectUri, '/redirectUri');
    if (oidcSignIn === undefined) throw noOidc();
    response.json({ url: await oidcSignIn.authorizationUrl(asked) } satisfies z.output<typeof AuthorizationShape>);
  },
});
