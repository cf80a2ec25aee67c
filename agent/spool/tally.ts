import type { HistoryRecord } from '../../topics/payloads.ts';
import { bytesOf, KINDS, placeOf, type Found, type RecordKind } from './kept-record.ts';

/** What a number of records comes to. */
export class Tally {
  readonly #counts = new Map<RecordKind, number>();
  #bytes = 0;
  /** The first and the last place that was added. */
  firstPlace = Infinity;
  lastPlace = -Infinity;

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The kinds that there are any of. */
  get kinds(): RecordKind[] {
    return KINDS.filter((kind) => (this.#counts.get(kind) ?? 0) > 0);
  }

  /** How many of each kind there are, of those that there are any of. */
  get counts(): Extract<HistoryRecord, { kind: 'dropped' }>['counts'] {
    return Object.fromEntries(this.kinds.map((kind) => [kind, this.#counts.get(kind) ?? 0]));
  }

  add(found: Found): void {
    this.#counts.set(found.kind, (this.#counts.get(found.kind) ?? 0) + 1);
    this.#bytes += bytesOf(found);
    this.firstPlace = Math.min(this.firstPlace, placeOf(found.key));
    this.lastPlace = Math.max(this.lastPlace, placeOf(found.key));
  }

  /** Without records that it was given before. */
  takeOff(gone: Tally): void {
    for (const [kind, count] of gone.#counts) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) - count);
    this.#bytes -= gone.#bytes;
  }
}
