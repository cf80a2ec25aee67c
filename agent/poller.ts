import { sameValues, type Values } from '../topics/parameters.ts';
import type { ConfigReport, PlcLink } from '../topics/payloads.ts';
import type { Moment } from './clock.ts';
import { ModbusError } from './modbus/modbus-error.ts';
import type { Plc, Readings } from './plc/plc.ts';

export type PollerDeps = {
  plc: Plc;
  pollSeconds: number;
  moment: () => Moment;
  /** All config values as the PLC holds them, when they changed or were not known before. */
  onConfig: (values: Values, readAt: Moment, source: ConfigReport['source']) => void;
  /** The latest readings; undefined where the PLC does not give them. */
  onReadings: (readings: Readings | undefined, readAt: Moment) => void;
  /** The PLC was lost or is back. */
  onLink: (link: PlcLink, why: string) => void;
  onProblem: (error: unknown) => void;
};

/** A reading of all config values. */
export type ConfigReading = { values: Values; readAt: Moment };

/**
 * Asks the PLC again and again what it holds. A change that no command made was made on its own panel. A poll that
 * overlaps a command is thrown away: it may show half of it.
 */
export class Poller {
  readonly #deps: PollerDeps;
  #link: PlcLink = 'unreachable';
  #config: ConfigReading | undefined;
  /** How many commands have begun, and whether the last of them is over; a poll is good if it overlaps none. */
  #commands = 0;
  #inCommand = false;
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(deps: PollerDeps) {
    this.#deps = deps;
  }

  get link(): PlcLink {
    return this.#link;
  }

  /** The latest config values; undefined until the PLC was first read. */
  get config(): ConfigReading | undefined {
    return this.#config;
  }

  /** Polls once, and from then on at every interval; resolves when the first poll is over, however it went. */
  async start(): Promise<void> {
    this.#polling = this.#poll();
    await this.#polling;
  }

  /** A command is about to be carried out. */
  commandBegins(): void {
    this.#commands += 1;
    this.#inCommand = true;
  }

  /** A command is over; what was read for it is the latest there is, and not its doing where it was not applied. */
  commandEnds(read: { values: Values; at: Moment; applied: boolean } | undefined): void {
    this.#inCommand = false;
    if (this.#config === undefined || read === undefined) return;
    const values = { ...this.#config.values, ...read.values };
    const isNew = !sameValues(this.#config.values, values);
    this.#config = { values, readAt: read.at };
    if (read.applied || isNew) this.#deps.onConfig(values, read.at, read.applied ? 'command' : 'local');
  }

  /** Resolves when no poll is under way, and there will be none. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#polling;
  }

  /** Reads everything and has it read again after the interval, whatever went wrong. Never rejects. */
  async #poll(): Promise<void> {
    await this.#readAll().catch(this.#deps.onProblem);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#polling = this.#poll();
    }, this.#deps.pollSeconds * 1000);
  }

  async #readAll(): Promise<void> {
    const commands = this.#inCommand ? undefined : this.#commands;
    try {
      // One lost answer is forgiven.
      const values = await this.#readConfig().catch((error: unknown) => {
        if (error instanceof ModbusError && error.code === 'exception') throw error;
        return this.#readConfig();
      });
      this.#setLink('ok', 'the PLC answers');
      const readAt = this.#deps.moment();
      if (commands === this.#commands) this.#takeConfig(values, readAt);
      await this.#pollReadings();
    } catch (error) {
      if (!(error instanceof ModbusError)) throw error;
      if (error.code === 'exception') {
        this.#setLink('ok', 'the PLC answers');
        this.#deps.onProblem(error);
      } else {
        this.#setLink('unreachable', error.message);
        this.#deps.onReadings(undefined, this.#deps.moment());
      }
    }
  }

  #readConfig(): Promise<Values> {
    return this.#deps.plc.readConfig('all', 'read');
  }

  async #pollReadings(): Promise<void> {
    try {
      this.#deps.onReadings(await this.#deps.plc.readReadings(), this.#deps.moment());
    } catch (error) {
      if (!(error instanceof ModbusError) || error.code !== 'exception') throw error;
      this.#deps.onProblem(error);
    }
  }

  #takeConfig(values: Values, readAt: Moment): void {
    const known = this.#config;
    this.#config = { values, readAt };
    if (known === undefined) this.#deps.onConfig(values, readAt, 'start');
    else if (!sameValues(known.values, values)) this.#deps.onConfig(values, readAt, 'local');
  }

  #setLink(link: PlcLink, why: string): void {
    if (this.#link === link) return;
    this.#link = link;
    this.#deps.onLink(link, why);
  }
}
