import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export const CLIENT_ID = 'feederbridge page';
export const CLIENT_SECRET = 'se:cret % of the page';

type Tokens = { access_token: string; id_token?: string };

/** The authorization code flow with PKCE (RFC 6749, RFC 7636) of an issuer for tests: whoever comes is signed in at once. */
export class CodeFlow {
  /** What is told of it. */
  authMethods: string[] | undefined;
  /** What the next code is exchanged for. */
  tokens: Tokens = { access_token: 'opaque' };
  /** Answers the exchange instead, where a test says so. */
  instead: ((response: ServerResponse) => void) | undefined;
  /** How often a code was to be exchanged. */
  timesAsked = 0;
  readonly #codes = new Map<string, { challenge: string; redirectUri: string; tokens: Tokens }>();

  endpoints(url: string): object {
    return { authorization_endpoint: `${url}/authorize?tenant=farm`, token_endpoint: `${url}/token`, token_endpoint_auth_methods_supported: this.authMethods };
  }

  /** Whether it was asked for something of this flow. */
  answers(request: IncomingMessage, response: ServerResponse): boolean {
    const url = new URL(request.url ?? '/', 'http://issuer');
    if (url.pathname === '/authorize') this.#authorize(url.searchParams, response);
    else if (url.pathname === '/token') void this.#exchange(request, response);
    else return false;
    return true;
  }

  #authorize(asked: URLSearchParams, response: ServerResponse): void {
    const [challenge, redirectUri] = [asked.get('code_challenge'), asked.get('redirect_uri')];
    const isRight =
      asked.get('tenant') === 'farm' && asked.get('response_type') === 'code' && asked.get('client_id') === CLIENT_ID &&
      asked.get('code_challenge_method') === 'S256' && asked.get('scope') === 'openid profile';
    if (!isRight || challenge === null || redirectUri === null) {
      response.writeHead(400).end();
      return;
    }
    const code = randomUUID();
    this.#codes.set(code, { challenge, redirectUri, tokens: this.tokens });
    const back = new URL(redirectUri);
    back.search = new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString();
    response.writeHead(302, { Location: back.href }).end();
  }

  async #exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.timesAsked += 1;
    const asked = new URLSearchParams(await text(request));
    if (this.instead !== undefined) {
      this.instead(response);
      return;
    }
    const code = asked.get('code') ?? '';
    const issued = this.#codes.get(code);
    this.#codes.delete(code);
    const verifier = asked.get('code_verifier') ?? '';
    if (!isClient(request, asked)) answer(response, 401, { error: 'invalid_client' });
    else if (issued?.redirectUri !== asked.get('redirect_uri') || issued.challenge !== challengeOf(verifier)) {
      answer(response, 400, { error: 'invalid_grant', error_description: `no such code: ${code}` });
    } else answer(response, 200, { ...issued.tokens, token_type: 'Bearer', expires_in: 60 });
  }
}

/** The code challenge of a verifier (RFC 7636, 4.2). */
export const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

function isClient(request: IncomingMessage, asked: URLSearchParams): boolean {
  const [, basic] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (basic === undefined) return asked.get('client_id') === CLIENT_ID && asked.get('client_secret') === CLIENT_SECRET;
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':').map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
  return id === CLIENT_ID && secret === CLIENT_SECRET;
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
