import { MISHAPS, type Mishap } from './mishap-kinds.ts';
import type { World } from './world.ts';

/** What goes wrong while commands are under way: each strikes some events after a command was stored, so that every step is met. */
export class Mishaps {
  readonly #world: World;
  readonly #rate: number;
  #pending: { mishap: Mishap; eventsLeft: number }[] = [];
  #isOver = false;

  constructor(world: World, rate: number) {
    this.#world = world;
    this.#rate = rate;
  }

  /** A command was stored. */
  stored(): void {
    const { chance } = this.#world;
    if (!this.#isOver && chance.hits(this.#rate)) this.#pending.push({ mishap: chance.weighted(MISHAPS), eventsLeft: chance.below(70) });
  }

  /** One more event has happened. */
  step(): void {
    if (this.#pending.length === 0) return;
    for (const pending of this.#pending) pending.eventsLeft -= 1;
    const due = this.#pending.filter(({ eventsLeft }) => eventsLeft < 0);
    if (due.length === 0) return;
    this.#pending = this.#pending.filter(({ eventsLeft }) => eventsLeft >= 0);
    for (const { mishap } of due) {
      this.#world.note(`mishap: ${mishap.name}`);
      this.#world.tally.add(`mishaps/${mishap.name}`);
      mishap.strike(this.#world);
    }
  }

  begin(): void {
    this.#isOver = false;
  }

  /** Nothing more goes wrong, and what did is put right; whoever is down comes back in its own time. */
  end(): void {
    this.#isOver = true;
    this.#pending = [];
    const { agent, bridge, lineState, plc, disk, store, leases } = this.#world;
    lineState.isCut = false;
    lineState.lossiness = 0;
    plc.powerOn();
    plc.startScanning();
    plc.exception = undefined;
    plc.refill();
    disk.isFull = false;
    store.state = 'there';
    store.lossiness = 0;
    leases.isAway = false;
    agent.life.resume();
    bridge.life.resume();
  }
}
