import { APPLIED, INDETERMINATE, notDone, type ActionResult } from './action-result.ts';
import { NOT_WRITTEN, notJournaled } from './change-reasons.ts';
import type { Controls } from './controls.ts';
import { writeForward, type Sent } from './forward-write.ts';
import { ASK_AGAIN_MS } from './patience.ts';
import type { Plc } from './plc.ts';

/** What clearing the alarms needs of the agent around it. */
export type AlarmClearingControls = Omit<Controls, 'hasRead'> & {
  /** Keeps, synced, that it is begun. Rejects when it cannot, or with `Overtaken`; then nothing is written. */
  begin: () => Promise<void>;
};

/**
 * One order to clear the alarms, a single write. A PLC takes the order back when it has carried it out, so that nothing
 * can be read back: where the answer is missing, it is written again in time. Rejects with `RangeError` for a register map
 * without the action, and as `begin` does when overtaken.
 */
export class AlarmClearing {
  readonly #plc: Plc;
  readonly #controls: AlarmClearingControls;

  constructor(plc: Plc, controls: AlarmClearingControls) {
    this.#plc = plc;
    this.#controls = controls;
  }

  /** Carries it out. */
  async run(): Promise<ActionResult> {
    await this.#controls.timeKnown();
    if (this.#controls.isInTime() === false) return notDone('expired', NOT_WRITTEN);
    try {
      await this.#controls.begin();
    } catch (error) {
      return notDone('rejected', notJournaled(error));
    }
    const sent = await this.#write();
    switch (sent.kind) {
      case 'written':
        return APPLIED;
      case 'refused':
        return notDone('rejected', sent.reason);
      case 'nothing-sent':
        return notDone(sent.outcome, sent.reason);
      case 'unanswered':
        await this.#controls.pause(ASK_AGAIN_MS);
        return this.resume();
    }
  }

  /** Goes on where an earlier write may have gone out. */
  async resume(): Promise<ActionResult> {
    // Where that is not known, the write waits for it.
    while (this.#controls.isInTime() !== false) {
      const { kind } = await this.#write();
      if (kind === 'written') return APPLIED;
      // An earlier write may have been acted on, whatever the PLC says to this one.
      if (kind === 'refused') return INDETERMINATE;
      await this.#controls.pause(ASK_AGAIN_MS);
    }
    return INDETERMINATE;
  }

  #write(): Promise<Sent> {
    return writeForward((mayStart) => this.#plc.clearAlarms(mayStart), this.#controls);
  }
}
