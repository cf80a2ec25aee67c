import type { Disk } from '../disk/disk.ts';
import { keyOf, placeOf, rangeOf, type Found, type RecordKind } from './kept-record.ts';
import { Tally } from './tally.ts';

/** The records of a kind from a place on, in their order. */
export async function* recordsOf(disk: Disk, kind: RecordKind, fromPlace: number): AsyncGenerator<Found, undefined> {
  for await (const [key, value] of disk.entries(rangeOf(kind), keyOf(kind, fromPlace))) yield { kind, key, value };
}

/** The records of some kinds from a place on, in their order; never holds more of them than one of each kind. */
export async function* recordsFrom(disk: Disk, kinds: readonly RecordKind[], fromPlace: number): AsyncGenerator<Found, undefined> {
  const readers = kinds.map((kind) => recordsOf(disk, kind, fromPlace));
  try {
    const heads = await Promise.all(readers.map(async (reader) => ({ reader, found: (await reader.next()).value })));
    for (;;) {
      let first: { place: number; found: Found; head: (typeof heads)[number] } | undefined;
      for (const head of heads) {
        const { found } = head;
        const place = found ? placeOf(found.key) : Infinity;
        if (found && place < (first?.place ?? Infinity)) first = { place, found, head };
      }
      if (first === undefined) return undefined;
      yield first.found;
      first.head.found = (await first.head.reader.next()).value;
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.return(undefined)));
  }
}

/** How many records are removed in one write, so that nothing waits long for it. */
export const MOST_AT_ONCE = 5_000;

/** Records to be removed together. */
export type Selection = { keys: string[]; tally: Tally; isAll: boolean };

/**
 * The oldest records of each kind in turn for as long as they are `wanted`, given those selected before them; at most
 * `most`, and `isAll` tells whether there were no more.
 */
export async function selected(
  disk: Disk,
  kinds: readonly RecordKind[],
  fromPlace: number,
  most: number,
  wanted: (found: Found, before: Tally) => boolean,
): Promise<Selection> {
  const selection: Selection = { keys: [], tally: new Tally(), isAll: true };
  for (const kind of kinds) {
    for await (const found of recordsOf(disk, kind, fromPlace)) {
      if (!wanted(found, selection.tally)) break;
      if (selection.keys.length === most) return { ...selection, isAll: false };
      selection.keys.push(found.key);
      selection.tally.add(found);
    }
  }
  return selection;
}
