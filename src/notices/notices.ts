import type { Timers } from '../../machine/timers.ts';
import type { BridgeClock } from '../clock.ts';
import type { StoredAlarm } from '../store/alarms.ts';
import type { Database } from '../store/database.ts';
import { claimNotices, endAttempt, escalateNotices, purgeNotices, type ClaimedNotice } from '../store/notices.ts';
import { MOST_ATTEMPTS, pauseMs } from './back-off.ts';
import { letterOf } from './letter.ts';
import type { SendMail } from './mail.ts';
import type { Outcome } from './outcome.ts';
import { post } from './post.ts';
import { signatureHeaders } from './signature.ts';

const LOOK_EVERY_MS = 2_000;
/** How long an attempt may take; and when a notice is due again whose attempt nobody heard the end of. */
const ATTEMPT_MS = { webhook: 10_000, email: 30_000 };
const CLAIM_MS = 60_000;
/** Attempts under way, over all and for each webhook and contact: whoever is slow is slow for itself. */
const AT_ONCE = 64;
const AT_ONCE_EACH = 2;
const KEPT_MS = 30 * 86_400_000;
const PURGE_EVERY_MS = 3_600_000;
const PURGE_LIMIT = 1_000;

export type NoticesDeps = {
  db: Database;
  clock: Pick<BridgeClock, 'now'>;
  timers: Timers;
  /** From 0 to 1. */
  chance: () => number;
  /** An alarm as REST shows it. */
  shownAlarm: (alarm: StoredAlarm) => unknown;
  /** Absent where no e-mail is sent. */
  sendMail: SendMail | undefined;
  /** Whether webhooks may be on this machine and its network. */
  mayBePrivate: boolean;
  /** Told of each attempt that failed, once that is stored. */
  onFailed: (notice: ClaimedNotice, result: string, isGivenUp: boolean) => void;
  onProblem: (error: unknown) => void;
};

/**
 * Delivers the notices that alarms make: each at least once, under the same id each time, or it is given up after about a
 * day. What is due is read from the store, so that nothing is forgotten across restarts.
 */
export class Notices {
  readonly #deps: NoticesDeps;
  /** The notices under way, by their ids, and the webhook or contact of each. */
  readonly #underWay = new Map<string, string>();
  readonly #attempts = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #callOff: (() => void) | undefined;
  #purgeAtMs = 0;

  constructor(deps: NoticesDeps) {
    this.#deps = deps;
    this.look();
  }

  /** Delivers what is due, now and every 2 s. */
  look(): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#callOff?.();
    this.#looking = this.#claim()
      .catch(this.#deps.onProblem)
      .finally(() => {
        this.#looking = undefined;
        if (this.#stopping.signal.aborted) return;
        this.#callOff = this.#deps.timers.after(this.#lookAgain ? 0 : LOOK_EVERY_MS, () => this.look());
        this.#lookAgain = false;
      });
  }

  /** Ends the attempts under way; they are made again after the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the bridge stopped'));
    this.#callOff?.();
    await this.#looking;
    await Promise.all(this.#attempts);
  }

  async #claim(): Promise<void> {
    const { db, clock } = this.#deps;
    const nowMs = clock.now();
    await escalateNotices(db, nowMs);
    const room = AT_ONCE - this.#underWay.size;
    const claimed =
      room === 0
        ? []
        : await claimNotices(db, { nowMs, untilMs: nowMs + CLAIM_MS, atOnce: room, atOnceEach: AT_ONCE_EACH, underWay: this.#underWay });
    for (const notice of claimed) this.#begin(notice);
    if (nowMs < this.#purgeAtMs) return;
    const purged = await purgeNotices(db, nowMs - KEPT_MS, PURGE_LIMIT);
    if (purged < PURGE_LIMIT) this.#purgeAtMs = nowMs + PURGE_EVERY_MS;
  }

  #begin(notice: ClaimedNotice): void {
    const { noticeId, to } = notice;
    this.#underWay.set(noticeId, to.kind === 'webhook' ? to.webhookId : to.emailContactId);
    const attempt = this.#attempt(notice)
      .catch(this.#deps.onProblem)
      .finally(() => {
        this.#underWay.delete(noticeId);
        this.#attempts.delete(attempt);
        this.look();
      });
    this.#attempts.add(attempt);
  }

  async #attempt(notice: ClaimedNotice): Promise<void> {
    const { db, clock, chance, onFailed } = this.#deps;
    const { isDelivered, result } = await this.#deliver(notice);
    const nowMs = clock.now();
    if (isDelivered) {
      await endAttempt(db, notice.noticeId, { state: 'delivered', result, nextAttemptAtMs: nowMs });
      return;
    }
    const isGivenUp = notice.attempts >= MOST_ATTEMPTS;
    const nextAttemptAtMs = this.#stopping.signal.aborted ? nowMs : nowMs + pauseMs(notice.attempts, chance());
    await endAttempt(db, notice.noticeId, { state: isGivenUp ? 'given-up' : 'waiting', result, nextAttemptAtMs });
    onFailed(notice, result, isGivenUp);
  }

  async #deliver(notice: ClaimedNotice): Promise<Outcome> {
    const { noticeId, moment, alarm, feeder, to } = notice;
    const { clock, mayBePrivate, sendMail, shownAlarm } = this.#deps;
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(ATTEMPT_MS[to.kind])]);
    if (to.kind === 'webhook') {
      const nowMs = clock.now();
      const { feederId, name, site } = feeder;
      const body = JSON.stringify({
        noticeId,
        event: `alarm-${moment}`,
        alarm: shownAlarm(alarm),
        feeder: { feederId, name, site },
        sentAt: new Date(nowMs).toISOString(),
      });
      return post({ url: to.url, headers: signatureHeaders(to.secret, noticeId, nowMs, body), body, mayBePrivate, signal });
    }
    if (sendMail === undefined) return { isDelivered: false, result: 'SMTP_URL is not set' };
    const messageId = (of: string): string => `${alarm.alarmId}.${to.step}.${of}`;
    return sendMail({
      ...letterOf(notice, to),
      to: to.address,
      messageId: messageId(moment),
      ...(moment === 'cleared' && { inReplyTo: messageId('raised') }),
      signal,
    });
  }
}
