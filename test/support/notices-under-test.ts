import { randomUUID } from 'node:crypto';
import type { Timers } from '../../machine/timers.ts';
import { alarmShape } from '../../src/http/history-shapes.ts';
import { mailer } from '../../src/notices/mail.ts';
import { Notices } from '../../src/notices/notices.ts';
import { newSigningSecret } from '../../src/notices/signature.ts';
import { acknowledgeAlarm, clearAlarms, raiseAlarms } from '../../src/store/alarms.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { insertEmailContact } from '../../src/store/email-contacts.ts';
import { insertFeeder } from '../../src/store/feeders.ts';
import { migrate } from '../../src/store/migrate.ts';
import { selectDeliveries, type Delivery } from '../../src/store/notices.ts';
import { insertWebhook } from '../../src/store/webhooks.ts';
import { eventually } from './bridge.ts';
import { MIGRATIONS } from './migrations.ts';
import { freshDatabase } from './postgres.ts';

type Raised = { severity?: 'info' | 'warning' | 'critical'; detail?: string; agoMs?: number };

/** A store with its own alarms, and notices of them that go by a clock which a test moves. */
export class NoticesUnderTest {
  readonly db: Database;
  readonly dispose: () => Promise<void>;
  /** The attempts that failed, as they are told. */
  readonly failures: { moment: string; attempts: number; result: string; isGivenUp: boolean }[] = [];
  /** How far the clock is ahead. */
  #aheadMs = 0;
  #notices: Notices | undefined;

  private constructor(db: Database, dispose: () => Promise<void>) {
    this.db = db;
    this.dispose = dispose;
  }

  static async open(): Promise<NoticesUnderTest> {
    const given = await freshDatabase();
    const onLost = (reason: Error): never => {
      throw reason;
    };
    const db = await openDatabase({ databaseUrl: given.databaseUrl, dataDir: given.dataDir, onLost });
    await migrate(db, MIGRATIONS, () => undefined);
    return new NoticesUnderTest(db, async () => {
      await db.close();
      await given.dispose();
    });
  }

  now(): number {
    return Date.now() + this.#aheadMs;
  }

  /** Starts delivering; goes on only when the clock is moved, or something ends. */
  start(options: { mailUrl?: string; mayBePrivate?: boolean } = {}): void {
    const never: Timers = { after: (delayMs, work) => (delayMs === 0 ? immediately(work) : () => undefined) };
    this.#notices = new Notices({
      db: this.db,
      clock: { now: () => this.now() },
      timers: never,
      chance: () => 0,
      shownAlarm: alarmShape,
      sendMail: options.mailUrl === undefined ? undefined : mailer({ url: options.mailUrl, from: 'bridge@farm.example' }),
      mayBePrivate: options.mayBePrivate ?? true,
      onFailed: ({ moment, attempts }, result, isGivenUp) => this.failures.push({ moment, attempts, result, isGivenUp }),
      onProblem: (error) => {
        throw error;
      },
    });
  }

  /** Moves the clock, and delivers what is due then. */
  pass(ms: number): void {
    this.#aheadMs += ms;
    this.#notices?.look();
  }

  async stop(): Promise<void> {
    await this.#notices?.stop();
    this.#notices = undefined;
  }

  /** Begins anew, with nobody who is told anything, and the clock as it is. */
  async clear(): Promise<void> {
    await this.stop();
    this.#aheadMs = 0;
    this.failures.length = 0;
    await this.db.query('DELETE FROM webhook');
    await this.db.query('DELETE FROM email_contact');
    await this.db.query('DELETE FROM alarm');
  }

  async enrol(feederId: string, site = 'farm', more: { name?: string; timeZone?: string } = {}): Promise<void> {
    const { name = `Feeder ${feederId}`, timeZone = 'Europe/Oslo' } = more;
    await insertFeeder(this.db, { feederId, name, site, timeZone, tokenSha256: Buffer.alloc(32), enrolledAtMs: this.now() });
  }

  async webhook(url: string, filters: { sites?: string[]; severities?: string[]; types?: string[] } = {}): Promise<{ webhookId: string; secret: string }> {
    const webhookId = randomUUID();
    const secret = newSigningSecret();
    const all = { sites: null, severities: null, types: null };
    await insertWebhook(this.db, { webhookId, url, ...all, ...filters, createdBy: 'test', createdAtMs: this.now() }, secret);
    return { webhookId, secret };
  }

  async contact(addresses: string[], filters: { sites?: string[]; severities?: string[] } = {}): Promise<string> {
    const emailContactId = randomUUID();
    const all = { sites: null, severities: null };
    await insertEmailContact(this.db, { emailContactId, addresses, escalateAfterMinutes: 15, ...all, ...filters, createdBy: 'test', createdAtMs: this.now() });
    return emailContactId;
  }

  async raise(feederId: string, name: string, { severity = 'warning', detail = 'something', agoMs = 0 }: Raised = {}): Promise<string> {
    const alarm = { feederId, name, origin: 'plc' as const, severity, detail, raisedAtMs: this.now() - agoMs };
    const [raised] = await this.db.transaction((tx) => raiseAlarms(tx, [alarm]));
    if (raised === undefined) throw new Error(`${name} of ${feederId} was open already`);
    this.#notices?.look();
    return raised.alarmId;
  }

  async over(feederId: string, name: string, agoMs = 0): Promise<void> {
    await clearAlarms(this.db, [{ feederId, name, origin: 'plc', clearedAtMs: this.now() - agoMs }]);
    this.#notices?.look();
  }

  async acknowledge(feederId: string, alarmId: string): Promise<void> {
    await acknowledgeAlarm(this.db, { feederId, alarmId }, { by: 'kari', atMs: this.now() });
  }

  /** Resolves when nothing is due and nothing under way. */
  async settled(): Promise<void> {
    await eventually(async () => {
      this.#notices?.look();
      const { rows } = await this.db.query("SELECT 1 FROM notice WHERE escalates_at <= $1 OR state = 'waiting' AND (next_attempt_at <= $1 OR last_result IS NULL)", [new Date(this.now())]);
      return rows.length === 0 ? true : undefined;
    });
  }

  /** The failures, once they are so many. */
  failed(count: number): Promise<NoticesUnderTest['failures']> {
    return eventually(() => (this.failures.length >= count ? this.failures : undefined));
  }

  /** What became of all that a webhook was to be sent, once it is as expected. */
  deliveries(webhookId: string, isSettled: (deliveries: Delivery[]) => boolean): Promise<Delivery[]> {
    return eventually(async () => {
      const deliveries = await selectDeliveries(this.db, webhookId, 100, undefined);
      return isSettled(deliveries) ? deliveries : undefined;
    });
  }
}

function immediately(work: () => void): () => void {
  const immediate = setImmediate(work);
  return () => clearImmediate(immediate);
}
