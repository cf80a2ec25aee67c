import { createTransport } from 'nodemailer';
import type { Letter } from './letter.ts';
import { reasonOf, type Outcome } from './outcome.ts';

/** How long the server may be silent, at each step. */
const SILENT_MS = 10_000;

export type Mail = Letter & {
  to: string;
  /** The same each time it is sent, so that who gets it twice sees it once. */
  messageId: string;
  /** That of the mail which it goes on from. */
  inReplyTo?: string;
  /** Ends the sending. */
  signal: AbortSignal;
};

export type SendMail = (mail: Mail) => Promise<Outcome>;

/** Sends e-mail from one address through the SMTP server that a URL names, over TLS where the server has it. */
export function mailer({ url, from }: { url: string; from: string }): SendMail {
  const transport = createTransport({
    url,
    connectionTimeout: SILENT_MS,
    greetingTimeout: SILENT_MS,
    socketTimeout: SILENT_MS,
    dnsTimeout: SILENT_MS,
    // What is sent is text that was made here; none of it may name a file or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const idOf = (name: string): string => `<${name}@${domain}>`;
  return async ({ to, messageId, inReplyTo, subject, text, signal }) => {
    try {
      const { response } = await transport.sendMail({
        from: { name: 'Feederbridge', address: from },
        to: { name: '', address: to },
        messageId: idOf(messageId),
        ...(inReplyTo !== undefined && { inReplyTo: idOf(inReplyTo), references: idOf(inReplyTo) }),
        // No answering machine answers it.
        headers: { 'Auto-Submitted': 'auto-generated' },
        subject,
        text,
        signal,
      });
      return { isDelivered: true, result: `taken by the mail server: ${response}` };
    } catch (error) {
      return { isDelivered: false, result: reasonOf(error) };
    }
  };
}
