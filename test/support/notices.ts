import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { eventually } from './bridge.ts';

const Posted = z.strictObject({
  noticeId: z.uuid(),
  event: z.enum(['alarm-raised', 'alarm-cleared']),
  alarm: z.looseObject({ alarmId: z.uuid(), feederId: z.string(), name: z.string(), state: z.enum(['open', 'cleared']), detail: z.string() }),
  feeder: z.strictObject({ feederId: z.string(), name: z.string(), site: z.string() }),
  sentAt: z.iso.datetime({ precision: 3 }),
});

export type Posted = z.infer<typeof Posted> & { headers: IncomingMessage['headers']; isSigned: (secret: string) => boolean };

/** An HTTP server that keeps what is posted to it, and answers as it is told. Ends with the test. */
export class Receiver {
  readonly posted: Posted[] = [];
  readonly url: string;
  /** How the next ones are answered. */
  answer: (response: ServerResponse) => void = (response) => response.writeHead(204).end();

  private constructor(url: string) {
    this.url = url;
  }

  static async start(): Promise<Receiver> {
    const server = createServer((request, response) => void receiver.#take(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const receiver = new Receiver(`http://127.0.0.1:${(server.address() as AddressInfo).port}/alarms`);
    return receiver;
  }

  /** What was posted, once it is so much. */
  has(count: number): Promise<Posted[]> {
    return eventually(() => (this.posted.length >= count ? this.posted : undefined));
  }

  /** The events in the order in which they came: which alarm of which feeder. */
  get told(): string[] {
    return this.posted.map(({ event, alarm: { feederId, name } }) => `${event} ${feederId} ${name}`);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const { headers } = request;
    const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => String(headers[name]));
    const isSigned = (secret: string): boolean => {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
      return signature === `v1,${createHmac('sha256', key).update(`${String(id)}.${String(timestamp)}.${body}`).digest('base64')}`;
    };
    this.posted.push({ ...Posted.parse(JSON.parse(body)), headers, isSigned });
    this.answer(response);
  }
}

export type Letter = { from: string; to: string[]; raw: string; subject: string; text: string; messageId: string };

/** A mail server that keeps what it is sent. Ends with the test. */
export class MailServer {
  readonly letters: Letter[] = [];
  readonly url: string;
  /** What it says against the next ones; null: it takes them. */
  refuses: string | null = null;

  private constructor(url: string) {
    this.url = url;
  }

  static async start(): Promise<MailServer> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      logger: false,
      onData(stream, session, callback) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          if (mail.refuses === null) mail.#take(mailFrom ? mailFrom.address : '', rcptTo.map(({ address }) => address), Buffer.concat(chunks));
          callback(mail.refuses === null ? null : new Error(mail.refuses));
        });
      },
    });
    server.on('error', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const mail = new MailServer(`smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`);
    return mail;
  }

  /** What came, once it is so much. */
  has(count: number): Promise<Letter[]> {
    return eventually(() => (this.letters.length >= count ? this.letters : undefined));
  }

  /** Who was told what, in the order in which it came. */
  get told(): string[] {
    return this.letters.map(({ to, subject }) => `${to.join()}: ${subject}`);
  }

  #take(from: string, to: string[], bytes: Buffer): void {
    const raw = bytes.toString('utf8');
    const [head = '', ...rest] = raw.split('\r\n\r\n');
    const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(head.replaceAll(/\r\n[ \t]+/g, ' '))?.[1] ?? '';
    const body = rest.join('\r\n\r\n');
    const text = header('Content-Transfer-Encoding') === 'quoted-printable' ? fromQuotedPrintable(body) : body;
    this.letters.push({ from, to, raw, subject: fromEncodedWords(header('Subject')), text: text.replaceAll('\r\n', '\n'), messageId: header('Message-ID') });
  }
}

const fromQuotedPrintable = (text: string): string =>
  Buffer.from(text.replaceAll('=\r\n', '').replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString('utf8');

/** A header as RFC 2047 has it, in words that are quoted as bodies are. */
const fromEncodedWords = (text: string): string =>
  text.replaceAll(/\?= =\?UTF-8\?Q\?/g, '').replaceAll(/=\?UTF-8\?Q\?(.*?)\?=/g, (_all, word: string) => fromQuotedPrintable(word.replaceAll('_', ' ')));
