import type { RecordBatch } from '../../topics/payloads.ts';
import { Ingest, type IngestDeps } from './ingest.ts';
import { Months } from './months.ts';

/** How long storing records may hold up commands: the embedded store does one thing at a time. */
const EMBEDDED_TRANSACTION_MS = 50;
const SERVER_TRANSACTION_MS = 500;
/** How often it is looked for readings that are too old. */
const DAY_MS = 86_400_000;

export type RecordsDeps = Omit<IngestDeps, 'months' | 'transactionMs'> & {
  isEmbedded: boolean;
  /** How many days readings are kept; what they come to by day is kept for good, as is everything else. */
  retentionDays: number;
};

/** The farms' history on its way in. */
export type Records = {
  /** Takes a batch of a feeder's records; its receipt follows once it is stored. */
  receive(feederId: string, batch: RecordBatch): void;
  /** About how much memory takes what waits to be stored. */
  queuedBytes(): number;
  /** Takes nothing more, and resolves when nothing is being stored. */
  stop(): Promise<void>;
};

/** Starts to store what agents send, and to let go of readings by age. */
export function startRecords({ isEmbedded, ...deps }: RecordsDeps): Records {
  const { db, clock, retentionDays, onProblem } = deps;
  const months = new Months(db, retentionDays);
  const ingest = new Ingest({ ...deps, months, transactionMs: isEmbedded ? EMBEDDED_TRANSACTION_MS : SERVER_TRANSACTION_MS });
  let keepingUp = Promise.resolve();
  const keepUp = (): void => {
    keepingUp = months.keepUp(clock.now()).catch(onProblem);
  };
  const daily = setInterval(keepUp, DAY_MS);
  keepUp();
  return {
    receive: (feederId, batch) => ingest.receive(feederId, batch),
    queuedBytes: () => ingest.queuedBytes,
    stop: async () => {
      clearInterval(daily);
      await Promise.all([ingest.stop(), keepingUp]);
    },
  };
}
