import type { TopicName } from '../../topics/topics.ts';
import type { Chance } from '../../machine/chance.ts';
import type { Life } from './life.ts';
import type { Tally } from './tally.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What goes over the line: bytes of a topic, or the agent's wish to hear commands. */
export type Packet = { topic: TopicName; bytes: Uint8Array } | 'subscribe';

/** How the line between agent and bridge behaves. */
export type Weather = {
  /** How long a packet takes at least, each way, milliseconds. */
  upMs: number;
  downMs: number;
  /** How much longer it may take. */
  jitterMs: number;
  /** How likely a packet comes twice, overtakes the one before it, or is lost together with the connection. */
  duplicates: number;
  reorders: number;
  losses: number;
};

type End = {
  life: Life;
  /** Undefined until this end is ready to hear. */
  heard: ((packet: Packet) => void) | undefined;
  /** Told once, when this end learns that the connection is gone. */
  onGone: () => void;
  isOpen: boolean;
  /** When the last packet to this end arrives. */
  lastArrivalMs: number;
};

/** One MQTT connection between one run of the agent and one of the bridge. What was sent before it broke may still arrive. */
export class Session {
  readonly sessionId: string;
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #weather: Weather;
  readonly #tally: Tally;
  readonly #ends: Record<'agent' | 'bridge', End>;
  /** What is sent now never arrives. */
  #isBroken = false;

  constructor(
    sessionId: string,
    { time, chance, weather, tally }: { time: VirtualTime; chance: Chance; weather: Weather; tally: Tally },
    lives: Record<'agent' | 'bridge', Life>,
  ) {
    this.sessionId = sessionId;
    this.#time = time;
    this.#chance = chance;
    this.#weather = weather;
    this.#tally = tally;
    const end = (life: Life): End => ({ life, heard: undefined, onGone: () => undefined, isOpen: true, lastArrivalMs: 0 });
    this.#ends = { agent: end(lives.agent), bridge: end(lives.bridge) };
    // The kernel closes a dead program's sockets, and mostly the other side hears of it.
    lives.agent.onEnd(() => this.close('agent'));
    lives.bridge.onEnd(() => this.close('bridge'));
  }

  /** One side begins to hear, and is told once when it finds the connection gone. */
  attend(side: 'agent' | 'bridge', heard: (packet: Packet) => void, onGone: () => void): void {
    this.#ends[side].heard = heard;
    this.#ends[side].onGone = onGone;
  }

  /** Both sides have it open, and it carries what they send. */
  get isSound(): boolean {
    return !this.#isBroken && this.#ends.agent.isOpen && this.#ends.bridge.isOpen;
  }

  isOpen(side: 'agent' | 'bridge'): boolean {
    return this.#ends[side].isOpen;
  }

  send(from: 'agent' | 'bridge', packet: Packet): void {
    const to = this.#ends[from === 'agent' ? 'bridge' : 'agent'];
    if (!this.#ends[from].isOpen) return;
    if (this.#isBroken || this.#chance.hits(this.#weather.losses)) {
      this.#tally.add('messages/lost');
      this.cut();
      return;
    }
    const { upMs, downMs, jitterMs, duplicates, reorders } = this.#weather;
    const arrivalMs = this.#time.nowMs + (from === 'agent' ? upMs : downMs) + this.#chance.between(0, jitterMs);
    if (this.#chance.hits(reorders)) {
      this.#tally.add('messages/reordered');
      this.#deliver(to, packet, arrivalMs + this.#chance.between(0, 300));
    } else {
      to.lastArrivalMs = Math.max(arrivalMs, to.lastArrivalMs);
      this.#deliver(to, packet, to.lastArrivalMs);
    }
    if (this.#chance.hits(duplicates)) {
      this.#tally.add('messages/duplicated');
      this.#deliver(to, packet, arrivalMs + this.#chance.between(0, 4_000));
    }
  }

  /** The line is cut: each side finds out sooner or later. */
  cut(): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    for (const side of ['agent', 'bridge'] as const) {
      const noticedMs = this.#chance.hits(0.7) ? this.#chance.between(0, 100) : this.#chance.between(100, 30_000);
      this.#time.after(noticedMs, () => this.#gone(side));
    }
  }

  /** One side closes the connection, or dies. */
  close(side: 'agent' | 'bridge'): void {
    const end = this.#ends[side];
    if (!end.isOpen) return;
    end.isOpen = false;
    const noticedMs = this.#isBroken || this.#chance.hits(0.1) ? this.#chance.between(100, 30_000) : this.#chance.between(0, 50);
    this.#isBroken = true;
    this.#time.after(noticedMs, () => this.#gone(side === 'agent' ? 'bridge' : 'agent'));
    end.life.take(() => end.onGone());
  }

  #gone(side: 'agent' | 'bridge'): void {
    const end = this.#ends[side];
    if (!end.isOpen) return;
    end.life.take(() => {
      if (!end.isOpen) return;
      end.isOpen = false;
      end.onGone();
    });
  }

  #deliver(to: End, packet: Packet, atMs: number): void {
    to.life.after(atMs - this.#time.nowMs, () => {
      if (to.isOpen) to.heard?.(packet);
    });
  }
}
