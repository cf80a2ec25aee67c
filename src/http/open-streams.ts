import type { Response } from 'express';
import type { Caller } from '../access/caller.ts';
import type { Timers } from '../../machine/timers.ts';
import type { BridgeClock } from '../clock.ts';

/** How soon after its caller has expired a stream ends. */
const LOOK_MS = 1_000;

/** The answers that are still being sent, so that none goes on for a caller who is let in no more. */
export class OpenStreams {
  readonly #open = new Map<Response, Caller>();
  readonly #clock: Pick<BridgeClock, 'now'>;
  readonly #timers: Timers;
  #callOff: () => void;

  constructor(clock: Pick<BridgeClock, 'now'>, timers: Timers) {
    this.#clock = clock;
    this.#timers = timers;
    this.#callOff = this.#nextLook();
  }

  /** Keeps an eye on an answer until it is sent. */
  watch(response: Response, caller: Caller): void {
    this.#open.set(response, caller);
    response.once('close', () => this.#open.delete(response));
  }

  /** Cuts whatever is being sent to a caller. */
  endOf(callerId: string): void {
    this.#endWhere((caller) => caller.callerId === callerId);
  }

  /** Cuts whatever is being sent by way of a session. */
  endOfSignIn(signInId: string): void {
    this.#endWhere(({ signIn }) => signIn?.signInId === signInId);
  }

  /** Watches no more. */
  stop(): void {
    this.#callOff();
  }

  #endWhere(isOver: (caller: Caller) => boolean): void {
    for (const [response, caller] of this.#open) if (isOver(caller)) response.destroy();
  }

  #nextLook(): () => void {
    return this.#timers.after(LOOK_MS, () => {
      const nowMs = this.#clock.now();
      this.#endWhere(({ expiresAtMs }) => expiresAtMs !== null && expiresAtMs <= nowMs);
      this.#callOff = this.#nextLook();
    });
  }
}
