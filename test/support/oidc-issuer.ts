import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CodeFlow } from './oidc-code-flow.ts';
import { CompactSign, exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose';

/** Claims of a token; one that is undefined is left out. */
export type Claims = Readonly<Record<string, unknown>>;

export const AUDIENCE = 'feederbridge';

/** A key of the issuer, and its public half as it is published. */
export type SigningKey = { kid: string; alg: string; privateKey: CryptoKey; publicKey: CryptoKey; jwk: JWK };

export async function newSigningKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** An OpenID Connect issuer on this machine that issues whatever a test wants. */
export type OidcIssuer = {
  url: string;
  /** What is published; a test may change it. */
  keys: SigningKey[];
  /** What it calls itself in its discovery document. */
  calledSelf: string;
  /** How often it told its keys. */
  timesAsked: number;
  /** How it lets people sign in by a page. */
  codeFlow: CodeFlow;
  /** Answers instead of it, where a test says so. */
  instead: RequestListener | undefined;
  /** A token about somebody who may do something, unless the claims say otherwise. */
  token(claims?: Claims, header?: { typ?: string | undefined; kid?: string }, key?: SigningKey): Promise<string>;
  dispose(): Promise<void>;
};

export async function startOidcIssuer(nowMs: () => number = Date.now): Promise<OidcIssuer> {
  const first = await newSigningKey('first');
  const server = createServer((request, response) => {
    if (issuer.instead !== undefined) {
      issuer.instead(request, response);
      return;
    }
    response.setHeader('Content-Type', 'application/json');
    if (request.url === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer: issuer.calledSelf, jwks_uri: `${issuer.url}/keys`, ...issuer.codeFlow.endpoints(issuer.url) }));
      return;
    }
    if (issuer.codeFlow.answers(request, response)) return;
    issuer.timesAsked += 1;
    response.end(JSON.stringify({ keys: issuer.keys.map(({ jwk }) => jwk) }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const issuer: OidcIssuer = {
    url,
    keys: [first],
    calledSelf: url,
    timesAsked: 0,
    codeFlow: new CodeFlow(),
    instead: undefined,
    token: (claims = {}, header = {}, key = first) => {
      const nowSeconds = Math.floor(nowMs() / 1000);
      const usual = { iss: url, aud: AUDIENCE, sub: 'kari', exp: nowSeconds + 60, feederbridge_role: 'viewer', feederbridge_sites: ['farm'] };
      const { typ, kid } = { typ: 'JWT', kid: key.kid, ...header };
      return new CompactSign(Buffer.from(JSON.stringify({ ...usual, ...claims })))
        .setProtectedHeader({ alg: key.alg, kid, ...(typ !== undefined && { typ }) })
        .sign(key.privateKey);
    },
    dispose: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return issuer;
}
