import type { Server, Socket } from 'node:net';
import type { MachineClocks } from '../machine/clocks.ts';
import type { Log } from '../machine/log.ts';
import { Meter } from './access/meter.ts';
import type { Doorstep } from './broker/doorstep.ts';
import { placeOf } from './place-of.ts';

/** How often it is told that connections are turned away, for each reason. */
const LINES = { burst: 1, perSecond: 1 / 60 } as const;
/** How often room is made: each time looks at every connection. */
const CLEARINGS = { burst: 1, perSecond: 1 } as const;

export type NewcomersDeps = {
  doorstep: Pick<Doorstep, 'enter' | 'mostConnections'>;
  /** Whether others connect by way of this address. */
  isProxy: (address: string) => boolean;
  /** Closes the connections that were answered and wait for nothing. */
  closeIdle: () => void;
  clock: Pick<MachineClocks, 'monotonicMs'>;
  log: Log;
};

/** Connections as they come, before TLS: who has asked for nothing yet waits at the doorstep, and all together leave the bridge the files that it needs. */
export class Newcomers {
  readonly #deps: NewcomersDeps;
  readonly #lines: Meter;
  readonly #clearings: Meter;
  /** For those who have asked for nothing yet, by where they come from: what to call when they do. */
  readonly #waiting = new Map<string, () => void>();
  #open = 0;

  constructor(deps: NewcomersDeps) {
    this.#deps = deps;
    this.#lines = new Meter(LINES, deps.clock);
    this.#clearings = new Meter(CLEARINGS, deps.clock);
  }

  /** Counts who connects to this server, and cuts those for whom there is no room. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.#arrived(socket));
  }

  /** It has asked for something; over TLS, the connection that came of it has. */
  asked(socket: Socket): void {
    this.#left(placeOf(socket));
  }

  #arrived(socket: Socket): void {
    const { doorstep, isProxy, closeIdle } = this.#deps;
    const { remoteAddress: address } = socket;
    if (address === undefined) {
      // Gone before it was looked at.
      socket.destroy();
      return;
    }
    this.#open += 1;
    const place = placeOf(socket);
    socket.once('close', () => {
      this.#open -= 1;
      this.#left(place);
    });
    if (this.#open > doorstep.mostConnections) {
      if (this.#clearings.take('')) closeIdle();
      this.#turnAway(socket, `there are ${doorstep.mostConnections} already, as many as the limit of open files lets the bridge have: raise it (ulimit -n)`);
      return;
    }
    const leave = doorstep.enter(address, isProxy(address));
    if (leave === undefined) this.#turnAway(socket, 'too many of one network, or in all, have asked for nothing yet');
    else this.#waiting.set(place, leave);
  }

  #turnAway(socket: Socket, why: string): void {
    if (this.#lines.take(why)) this.#deps.log.error({ address: socket.remoteAddress, why }, 'connections are turned away');
    socket.destroy();
  }

  #left(place: string): void {
    this.#waiting.get(place)?.();
    this.#waiting.delete(place);
  }
}
