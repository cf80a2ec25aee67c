import { createStore, del, get, set, type UseStore } from 'idb-keyval';
import type { Farm, FarmSnapshot } from './farm.ts';

/** The farm as it was when the device last heard of it, and who saw it so. */
export type KeptFarm = FarmSnapshot & { format: typeof FORMAT; asOfMs: number; keptFor: string };

/** Of another format there is nothing to be understood: it goes up whenever what is kept changes its shape. */
const FORMAT = 1;
/** More would be slow to keep on a phone; the rest is seen when the bridge is. */
const MOST_FEEDERS = 2_000;
const NAME = 'farm';

let opened: UseStore | undefined;
const store = (): UseStore => (opened ??= createStore('feederbridge', 'kept'));

/** Keeps the farm on this device, for whoever sees it now. */
export async function keepFarm(farm: Farm, asOfMs: number, keptFor: string): Promise<void> {
  const { feeders, overviews } = farm.snapshot();
  const kept: KeptFarm = { format: FORMAT, asOfMs, keptFor, feeders: feeders.slice(0, MOST_FEEDERS), overviews: overviews.slice(0, MOST_FEEDERS) };
  await ifItCan(() => set(NAME, kept, store()));
}

/** The farm as it was kept; undefined where none is, or none that can be understood. */
export async function readKeptFarm(): Promise<KeptFarm | undefined> {
  return keptFarmIn(await ifItCan(() => get<unknown>(NAME, store())));
}

export async function eraseKeptFarm(): Promise<void> {
  await ifItCan(() => del(NAME, store()));
}

/** Private windows and full disks keep nothing: then there is nothing to show offline, and that is all. */
async function ifItCan<T>(use: () => Promise<T>): Promise<T | undefined> {
  try {
    return await use();
  } catch {
    return undefined;
  }
}

/** What was kept, if it is whole. */
export const keptFarmIn = (value: unknown): KeptFarm | undefined => (isKeptFarm(value) ? value : undefined);

const isKeptFarm = (value: unknown): value is KeptFarm =>
  isObject(value) &&
  value['format'] === FORMAT &&
  typeof value['asOfMs'] === 'number' &&
  typeof value['keptFor'] === 'string' &&
  isListOf(value['feeders'], isFeeder) &&
  isListOf(value['overviews'], isOverview);

/** Looks at what every screen reads at once; the rest of a format is as it was written. */
const isFeeder = (value: unknown): boolean =>
  isObject(value) &&
  ['feederId', 'name', 'site', 'timeZone'].every((name) => typeof value[name] === 'string') &&
  (value['presence'] === 'online' || value['presence'] === 'offline') &&
  (value['plc'] === 'ok' || value['plc'] === 'unreachable' || value['plc'] === 'unknown') &&
  ['config', 'state', 'profile'].every((name) => value[name] === null || isObject(value[name]));

const isOverview = (value: unknown): boolean => isObject(value) && typeof value['feederId'] === 'string';

const isListOf = (value: unknown, isOne: (each: unknown) => boolean): boolean => Array.isArray(value) && value.length <= MOST_FEEDERS && value.every(isOne);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
