import { createHmac, randomBytes } from 'node:crypto';

// As https://www.standardwebhooks.com has it, so that receivers find a library that checks it.

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new secret for signing what a webhook is sent. */
export const newSigningSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64');

/** The headers that prove what is sent to be ours, sent at this time, and which notice it is. */
export function signatureHeaders(secret: string, noticeId: string, sentAtMs: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(sentAtMs / 1000));
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${noticeId}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': noticeId, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
