import type { MachineClocks } from '../../machine/clocks.ts';
import { Meter, type Rate } from '../access/meter.ts';
import type { Identity } from './access.ts';

const MEBIBYTE = 1024 * 1024;

/** An agent comes back every few seconds at most; what manages a hundred of them restarts. */
const CONNECTIONS: Rate = { burst: 200, perSecond: 2 };

/**
 * What is sent, by who sends it. A feeder answers commands as fast as they come, some hundred a second, and sends a batch
 * of records, of 64 KiB, as soon as the one before it is stored. Whoever looks on asks for filters and pings; all who share
 * a login may come back at once, and each ask for all the filters it may have.
 */
const PACKETS: Record<Identity['kind'], Rate> = {
  feeder: { burst: 5_000, perSecond: 2_000 },
  'site-login': { burst: 2_000, perSecond: 50 },
};
const BYTES: Record<Identity['kind'], Rate> = {
  feeder: { burst: 64 * MEBIBYTE, perSecond: 8 * MEBIBYTE },
  'site-login': { burst: 2 * MEBIBYTE, perSecond: MEBIBYTE / 16 },
};

/** What an identity may do in a time, over all its connections together: reconnecting gains nothing. */
export class Allowance {
  readonly #connections: Meter;
  readonly #packets: Record<Identity['kind'], Meter>;
  readonly #bytes: Record<Identity['kind'], Meter>;

  constructor(clock: Pick<MachineClocks, 'monotonicMs'>) {
    this.#connections = new Meter(CONNECTIONS, clock);
    this.#packets = { feeder: new Meter(PACKETS.feeder, clock), 'site-login': new Meter(PACKETS['site-login'], clock) };
    this.#bytes = { feeder: new Meter(BYTES.feeder, clock), 'site-login': new Meter(BYTES['site-login'], clock) };
  }

  /** Whether it may connect once more. */
  connect(identity: Identity): boolean {
    return this.#connections.take(keyOf(identity));
  }

  /** Whether it may send this much more. */
  send(identity: Identity, { packets, bytes }: { packets: number; bytes: number }): boolean {
    const key = keyOf(identity);
    return this.#packets[identity.kind].take(key, packets) && this.#bytes[identity.kind].take(key, bytes);
  }
}

/** No site login's id is a feeder's: it is a UUID with its kind before it. */
const keyOf = (identity: Identity): string => (identity.kind === 'feeder' ? identity.feederId : `site-login:${identity.siteLoginId}`);
