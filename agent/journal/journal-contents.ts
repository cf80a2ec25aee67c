import type { z } from 'zod';
import { fromInstant, toInstant } from '../../topics/identifiers.ts';
import type { Disk, DiskChange } from '../disk/disk.ts';
import { JournalEntry, type CountedDose, type StartedEntry } from './entry.ts';
import { Meta } from './meta.ts';

const META_KEY = 'meta';
const ENTRIES = 'entry/';
/** The finished entries, by the time they were issued: what is pruned first comes first. */
export const ORDER = 'order/';

const entryKey = (commandId: string): string => `${ENTRIES}${commandId}`;
const orderKey = (issuedAt: string, commandId: string): string => `${ORDER}${toInstant(fromInstant(issuedAt))}/${commandId}`;

const commandIdOf = (entry: JournalEntry): string => (entry.state === 'started' ? entry.command.commandId : entry.commandId);

/** Keeps what a journal holds beside its entries. Throws where it could not be read back. */
export const putMeta = (meta: Meta): DiskChange => ({ put: META_KEY, value: JSON.stringify(Meta.parse(meta)) });

/** Keeps an entry, a finished one in the order too. Throws where it could not be read back. */
export function putEntry(entry: JournalEntry): DiskChange[] {
  const commandId = commandIdOf(entry);
  const put = { put: entryKey(commandId), value: JSON.stringify(JournalEntry.parse(entry)) };
  return entry.state === 'started' ? [put] : [put, { put: orderKey(entry.issuedAt, commandId), value: commandId }];
}

/** Removes a finished entry that was found at `key` of the order. */
export const removeFinished = (key: string, commandId: string): DiskChange[] => [{ remove: key }, { remove: entryKey(commandId) }];

/** When the entry was issued that is found at `key` of the order; milliseconds since 1970. */
export const issuedAtMsOf = (key: string): number => fromInstant(key.slice(ORDER.length, key.indexOf('/', ORDER.length)));

/** The entry of a command; undefined where there is none. Rejects where what is kept is no entry of it. */
export async function readEntry(disk: Disk, commandId: string): Promise<JournalEntry | undefined> {
  const text = await disk.get(entryKey(commandId));
  if (text === undefined) return undefined;
  const entry = parseEntry(entryKey(commandId), text);
  if (entry === undefined) {
    throw new Error(`the journal's entry of command ${commandId} cannot be read; restart the agent, which repairs its journal`);
  }
  return entry;
}

/** What is kept on a disk; `damaged` are the keys under which something else was found than was put there. */
export type Contents = {
  meta: Meta | undefined;
  /** Oldest first. */
  started: StartedEntry[];
  finishedCount: number;
  /** By the command's id; of any age. */
  doses: Map<string, CountedDose>;
  /** The commands of those that were applied. */
  applied: Set<string>;
  damaged: string[];
};

/** Reads all of a journal once. */
export async function readContents(disk: Disk): Promise<Contents> {
  const contents: Contents = { meta: undefined, started: [], finishedCount: 0, doses: new Map(), applied: new Set(), damaged: [] };
  for await (const [key, text] of disk.entries(ENTRIES)) {
    const entry = parseEntry(key, text);
    if (entry === undefined) contents.damaged.push(key);
    else if (entry.state === 'started') contents.started.push(entry);
    else contents.finishedCount += 1;
    const dose = entry && doseOf(entry);
    if (dose) contents.doses.set(commandIdOf(entry), dose);
    if (dose && entry.state === 'finished' && entry.ack.outcome === 'applied') contents.applied.add(entry.commandId);
  }
  contents.started.sort((a, b) => fromInstant(a.command.issuedAt) - fromInstant(b.command.issuedAt));
  const metaText = await disk.get(META_KEY);
  contents.meta = metaText === undefined ? undefined : parseJson(Meta, metaText);
  const hasEntries = contents.started.length + contents.finishedCount > 0;
  if (contents.meta === undefined && (metaText !== undefined || hasEntries)) contents.damaged.push(META_KEY);
  return contents;
}

/** What makes a damaged journal whole again: entries that cannot be read go, the order is made anew. */
export async function mending(disk: Disk): Promise<DiskChange[]> {
  const changes: DiskChange[] = [];
  for await (const [key] of disk.entries(ORDER)) changes.push({ remove: key });
  for await (const [key, text] of disk.entries(ENTRIES)) {
    const entry = parseEntry(key, text);
    changes.push(...(entry ? putEntry(entry) : [{ remove: key }]));
  }
  return changes;
}

/** The dose of an entry that was fed or perhaps fed. */
export function doseOf(entry: JournalEntry): CountedDose | undefined {
  if (entry.state === 'finished') return entry.dose;
  if (entry.kind !== 'feed-now') return undefined;
  const { atMs, loweredToMs, command, before } = entry;
  return { atMs, ...(loweredToMs !== undefined && { loweredToMs }), grams: command.grams, ...(before.meals && { mealsBefore: before.meals }) };
}

function parseEntry(key: string, text: string): JournalEntry | undefined {
  const entry = parseJson(JournalEntry, text);
  return entry && entryKey(commandIdOf(entry)) === key ? entry : undefined;
}

function parseJson<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
