import { fromInstant } from '../../topics/identifiers.ts';
import type { World } from './world.ts';

/** How long after its deadline a command that was begun may last where its PLC answers: some timeouts, and looks at it. */
const LONGEST_MS = 8_000;

/**
 * Sees to it that what was begun has an end soon after its deadline while the agent is well and its PLC answers, whether the
 * bridge is there or not: half a change, or a dose that waits, must not stand until somebody comes.
 */
export class Lingering {
  readonly #world: World;
  /** What would excuse it; since when there is nothing of that. */
  #excuse = '';
  #wellSinceMs = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** One more event has happened. */
  step(): void {
    const { agent, machines, lineState, plc, disk, time } = this.#world;
    const begun = agent.run?.journal.unfinished ?? [];
    const isWell = agent.run !== undefined && agent.life.isRunning && !agent.isStopping && !lineState.isCut && plc.isAnswering && !disk.isFull;
    // Another process, or a clock that was set: what was known of the time is not known any more.
    const excuse = isWell ? `${this.#world.agentRuns} ${machines.agent.timesSet}` : 'not well';
    if (!isWell || excuse !== this.#excuse) this.#wellSinceMs = time.nowMs;
    this.#excuse = excuse;
    for (const { command } of begun) {
      const isLate = time.nowMs > fromInstant(command.expiresAt) + LONGEST_MS;
      if (!isLate || this.#wellSinceMs > fromInstant(command.issuedAt)) continue;
      this.#world.witness.fail('taken-back-in-time', command.commandId, `${command.kind} is still under way ${LONGEST_MS} ms after its deadline`);
    }
  }
}
