import { z } from 'zod';
import { Instant, toInstant } from '../../topics/identifiers.ts';
import { refusedByIssuer } from '../access/code-exchange.ts';
import { networkOf } from '../access/network-of.ts';
import { noOidc } from '../access/oidc-sign-in.ts';
import { issuerUnavailable } from '../access/people.ts';
import { badSignInCode, type SignedIn, type SignIns } from '../access/sign-ins.ts';
import { bodyProblems, parseBody } from './json-body.ts';
import type { OidcRouteDeps } from './oidc-routes.ts';
import { bodyLike, type Operation } from './operation.ts';
import { storeProblems } from './problem-answers.ts';
import { rateLimited } from './rate-limits.ts';
import { redirectElsewhere, RedirectUri, requireOwnOrigin } from './redirect-uri.ts';
import { arrivalOf, authorOf, callerOf } from './request-context.ts';
import { answered } from './shapes.ts';
import { taken } from './taken-bodies.ts';

export type SignInRouteDeps = OidcRouteDeps & { signIns: SignIns };

const whole = (min: number, max: number) => {
  const expected = `expected a whole number from ${min} to ${max}`;
  return z.int(expected).min(min, expected).max(max, expected);
};

const SignInCodeBody = z
  .strictObject({
    uses: whole(1, 100).default(1).meta({ description: 'On how many devices it lets in.' }),
    validSeconds: whole(30, 86_400).default(300).meta({ description: 'For how long.' }),
  })
  .register(taken, { id: 'SignInCodeRequest', description: 'How often a sign-in code may be used, and for how long.' });

const SignInCodeShape = z
  .object({
    code: z.string().meta({ description: 'It is shown here and never again.' }),
    expiresAt: Instant.meta({ description: 'When it is good no more; not later than whatever it was asked for with.' }),
  })
  .register(answered, { id: 'SignInCode', description: 'What lets its caller in on another device.' });

const CODE: z.output<typeof SignInCodeShape> = { code: 'hK2xR8vN4sQ1mZ7cT0wJ5bY9uE3gA6dLpF8iOqXkVrM', expiresAt: '2026-01-31T08:05:00.000Z' };

/** `POST /sign-in-codes` */
export const makeSignInCode = ({ signIns }: SignInRouteDeps): Operation => ({
  operationId: 'makeSignInCode',
  role: 'viewer',
  tag: 'Signing in',
  summary: 'Make a code to sign in with on another device',
  description:
    'For a QR code or a link, behind the `#` of its address, so that no key ever stands in one. Whoever has it is let in as its caller: show it ' +
    'to nobody else. Each caller has 20 of them at most, of which the oldest goes first; a restart of the bridge ends them.',
  body: { ...bodyLike(SignInCodeBody, { uses: 1, validSeconds: 300 }), contentTypes: ['application/json'] },
  answers: { 201: { description: 'The code, shown once.', body: bodyLike(SignInCodeShape, CODE) } },
  problems: [...bodyProblems(['application/json']), ...storeProblems()],
  handle: async (request, response) => {
    const asked = parseBody(SignInCodeBody, request.body);
    const { code, expiresAtMs } = await signIns.makeCode(callerOf(response), asked, authorOf(response));
    response.status(201).json({ code, expiresAt: toInstant(expiresAtMs) } satisfies z.output<typeof SignInCodeShape>);
  },
});

const ByCode = z.strictObject({ code: z.string().min(1).max(200) });
const ByOidc = z.strictObject({
  oidc: z.strictObject({
    code: z.string().regex(/^[\x20-\x7e]{1,4096}$/).meta({ description: 'What the issuer sent the user back with.' }),
    codeVerifier: z.string().regex(/^[\w.~-]{43,128}$/).meta({ description: 'What the code challenge is the SHA-256 of.' }),
    redirectUri: RedirectUri,
  }),
});
const SignInBody = z
  .union([ByCode, ByOidc], 'expected {"code"} or {"oidc": {"code", "codeVerifier", "redirectUri"}}')
  .register(taken, { id: 'SignInRequest', description: 'A sign-in code, or the code of the issuer.' });

const SignedInShape = z
  .object({
    bearer: z.string().meta({ description: 'For `Authorization: Bearer`. It is shown here and never again.' }),
    expiresAt: Instant,
  })
  .register(answered, { id: 'SignIn', description: 'What to ask by from now on, and until when.' });

const signedInShape = ({ bearer, expiresAtMs }: SignedIn): z.output<typeof SignedInShape> => ({ bearer, expiresAt: toInstant(expiresAtMs) });

const SIGNED_IN: z.output<typeof SignedInShape> = { bearer: 'w3Jv9QdX1rT6yB0nK4mZ8sLcF2hPgA5uVeR7iOqYxEo', expiresAt: '2026-01-31T20:00:00.000Z' };

/** `POST /sign-ins` */
export const signIn = ({ signIns, oidcSignIn }: SignInRouteDeps): Operation => ({
  operationId: 'signIn',
  role: 'anyone',
  tag: 'Signing in',
  summary: 'Sign in with a code',
  description:
    'A sign-in code opens a session, which may do what whoever made the code may, under the same name. It lasts for 12 h at most, ends with the key ' +
    'or token that the code was made with, and is held in memory alone: a restart of the bridge ends it. A code of the issuer is exchanged for the ' +
    "person's token, which is the bearer.",
  body: { ...bodyLike(SignInBody, { code: CODE.code }), contentTypes: ['application/json'] },
  answers: { 201: { description: 'Signed in.', body: bodyLike(SignedInShape, SIGNED_IN) } },
  problems: [
    ...bodyProblems(['application/json']),
    redirectElsewhere('/oidc/redirectUri'),
    refusedByIssuer(),
    badSignInCode(),
    noOidc(),
    rateLimited(1),
    issuerUnavailable(),
    ...storeProblems(),
  ],
  handle: async (request, response) => {
    const asked = parseBody(SignInBody, request.body);
    if ('code' in asked) {
      response.status(201).json(signedInShape(await signIns.signIn(asked.code, arrivalOf(response))));
      return;
    }
    requireOwnOrigin(request, asked.oidc.redirectUri, '/oidc/redirectUri');
    if (oidcSignIn === undefined) throw noOidc();
    response.status(201).json(signedInShape(await oidcSignIn.signIn(asked.oidc, networkOf(request.ip))));
  },
});

/** `DELETE /sign-ins/own` */
export const endSignIn = ({ signIns }: SignInRouteDeps): Operation => ({
  operationId: 'endSignIn',
  role: 'viewer',
  tag: 'Signing in',
  summary: 'Sign out',
  description:
    'Ends the session that asks: what is being sent by way of it is cut, and codes that were made by it are good no more. ' +
    'A key or a token of the issuer stays as good as it was.',
  answers: { 204: { description: 'No session is open by this bearer.' } },
  problems: [],
  handle: (_request, response) => {
    const { signIn: own } = callerOf(response);
    if (own !== undefined) signIns.end(own.signInId);
    response.status(204).end();
  },
});
