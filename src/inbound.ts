import { fromInstant } from '../topics/identifiers.ts';
import type { ConfigReport } from '../topics/payloads.ts';
import type { Message } from '../topics/topics.ts';
import type { Connection } from './broker/broker-events.ts';
import type { BridgeClock } from './clock.ts';
import { UnfitAck, type Dispatch } from './commands/dispatch.ts';
import type { Directory } from './feeders/directory.ts';
import { ReadingTimes } from './feeders/reading-times.ts';
import type { Reports } from './feeders/reports.ts';
import type { Session, Sessions } from './liveness/sessions.ts';
import type { Records } from './records/records.ts';
import type { SparingLog } from './sparing-log.ts';

export type InboundDeps = {
  clock: BridgeClock;
  sessions: Sessions;
  reports: Reports;
  dispatch: Dispatch;
  directory: Directory;
  records: Pick<Records, 'receive'>;
  /** A feeder told its readings. */
  onState: (feederId: string) => void;
  log: SparingLog;
  onProblem: (error: unknown) => void;
};

/** What is known of a connection. */
type Known = {
  session: Session;
  readings: ReadingTimes;
  /** Ends when the acks that came so far are stored. */
  acks: Promise<void>;
  /** The latest config report, while it waits for them. */
  report: { config: ConfigReport; readAtMs: number } | undefined;
};

/** What agents send, each message to the one part that handles it. */
export class Inbound {
  readonly #deps: InboundDeps;
  readonly #known = new WeakMap<Connection, Known>();

  constructor(deps: InboundDeps) {
    this.#deps = deps;
  }

  connected(connection: Connection): void {
    const { feederId, willSessionId } = connection;
    const session = this.#deps.sessions.connected(feederId, willSessionId, () => connection.close());
    this.#known.set(connection, { session, readings: new ReadingTimes(), acks: Promise.resolve(), report: undefined });
  }

  disconnected(connection: Connection): void {
    const known = this.#known.get(connection);
    if (known) this.#deps.sessions.disconnected(known.session);
  }

  message(connection: Connection, message: Message): void {
    const known = this.#known.get(connection);
    if (known === undefined) return;
    try {
      this.#take(connection.feederId, known, message);
    } catch (error) {
      // One message that was taken wrong must not end the others' sessions.
      this.#deps.onProblem(error);
    }
  }

  #take(feederId: string, known: Known, message: Message): void {
    const { session, readings } = known;
    const { sessions, reports, dispatch, directory, records, onState } = this.#deps;
    const readAtMs = (told: string): number => readings.take(fromInstant(told), this.#deps.clock.now());
    switch (message.topic) {
      case 'heartbeat':
        sessions.beat(session, message.payload);
        reports.version(feederId, message.payload.configVersion);
        return;
      case 'session':
        if (sessions.notice(session, message.payload) && message.payload.journalId !== undefined) {
          reports.journal(feederId, message.payload.journalId);
        }
        return;
      case 'profile':
        reports.profile(feederId, message.payload);
        return;
      case 'config': {
        const isFirst = known.report === undefined;
        // A newer one says all that the one before it did.
        known.report = { config: message.payload, readAtMs: readAtMs(message.payload.readAt) };
        // Whether it says more than the acks before it is known when they are stored.
        if (isFirst) void known.acks.then(() => this.#takeReport(feederId, known));
        return;
      }
      case 'ack': {
        const stored = dispatch.acknowledged(feederId, message.payload, readAtMs(message.payload.at)).catch((error: unknown) => this.#tellUnstored(feederId, error));
        known.acks = known.acks.then(() => stored);
        return;
      }
      case 'state':
        directory.setState(feederId, message.payload);
        onState(feederId);
        return;
      case 'records':
        records.receive(feederId, message.payload);
        return;
      case 'heartbeat/reply':
      case 'presence':
      case 'command':
      case 'records/stored':
        // The bridge's own topics; the broker lets no agent publish them.
        return;
    }
  }

  /** One that is asked for again when it is missed: a feeder can have as many of them as it likes. */
  #tellUnstored(feederId: string, error: unknown): void {
    const { log } = this.#deps;
    if (error instanceof UnfitAck) log.warn(feederId, { feederId, problem: error.message }, 'an ack was turned away');
    else log.error(feederId, { feederId, err: error }, 'an ack could not be stored');
  }

  #takeReport(feederId: string, known: Known): void {
    const { report } = known;
    known.report = undefined;
    if (report) this.#deps.reports.config(feederId, report.config, report.readAtMs);
  }
}
