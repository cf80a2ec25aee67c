import { lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { reasonOf, type Outcome } from './outcome.ts';
import { isPublicAddress, literalAddress } from './public-address.ts';

/** What is read of an answer, which nobody looks at: enough for receivers to finish theirs. */
const MOST_ANSWER_BYTES = 64 * 1024;

export type Post = {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Whether it may go to this machine and its network. */
  mayBePrivate: boolean;
  /** Ends it. */
  signal: AbortSignal;
};

/**
 * Posts JSON. Delivered is what is answered 2xx; redirects are not followed. The address that is connected to is the one that
 * was checked.
 */
export async function post({ url, headers, body, mayBePrivate, signal }: Post): Promise<Outcome> {
  const target = new URL(url);
  const literal = literalAddress(target);
  if (!mayBePrivate && literal !== undefined && !isPublicAddress(literal)) return { isDelivered: false, result: notPublic(literal) };
  try {
    const status = await statusOf(target, body, {
      method: 'POST',
      headers: {
        ...headers,
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(body)),
        'User-Agent': 'Feederbridge',
      },
      agent: false,
      signal,
      ...(!mayBePrivate && { lookup: lookupPublic }),
    });
    const isRedirect = status >= 300 && status < 400;
    return { isDelivered: status >= 200 && status < 300, result: `answered ${status}${isRedirect ? ', and redirects are not followed' : ''}` };
  } catch (error) {
    return { isDelivered: false, result: reasonOf(signal.aborted ? signal.reason : error) };
  }
}

type RequestOptions = Parameters<typeof httpsRequest>[1];

function statusOf(target: URL, body: string, options: RequestOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = (target.protocol === 'https:' ? httpsRequest : httpRequest)(target, options, (response) => {
      resolve(response.statusCode ?? 0);
      let readBytes = 0;
      // However the body ends, the status was told.
      response.on('error', () => undefined);
      response.on('data', (chunk: Buffer) => {
        readBytes += chunk.length;
        if (readBytes > MOST_ANSWER_BYTES) response.destroy();
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Looks a name up as usual, but finds nothing where any of its addresses is not public. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) {
      callback(error, '');
      return;
    }
    const refused = found.find(({ address }) => !isPublicAddress(address));
    const [first] = found;
    if (refused) callback(new Error(notPublic(refused.address)), '');
    else if (options.all === true) callback(null, found);
    else callback(null, first?.address ?? '', first?.family);
  });
};

const notPublic = (address: string): string => `${address} is not a public address, and ALLOW_PRIVATE_WEBHOOKS is not set`;
