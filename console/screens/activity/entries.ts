import type { Alarm, Command, Config, Meal, Value, Values } from '../../api/shapes.ts';
import type { News } from '../../farm/news.ts';

/** What changed in a config; `old` is undefined where nothing is known of before. */
export type ValueChange = { name: string; old: Value | undefined; value: Value | undefined };

/** Something that happened, as one line of the list. */
export type Entry = { key: string; feederId: string; at: string; what: What };

export type What =
  | { type: 'presence'; state: 'online' | 'offline'; reason: 'connected' | 'shutdown' | 'connection-lost' | 'lease-expired' }
  | { type: 'command'; command: Command }
  /** `changes` is undefined where no config before it is known. */
  | { type: 'config'; config: Config; changes: readonly ValueChange[] | undefined }
  | { type: 'meal'; meal: Meal }
  | { type: 'alarm'; alarm: Alarm; turn: 'raised' | 'acknowledged' | 'over' };

export const ENTRY_TYPES = ['presence', 'command', 'config', 'meal', 'alarm'] as const satisfies readonly What['type'][];
export type EntryType = (typeof ENTRY_TYPES)[number];

/** Makes entries of news, both newest first. The same news gives the very same entry again, so that it is not drawn anew. */
export function entryMaker(): (news: readonly News[]) => Entry[] {
  const made = new WeakMap<News, Entry | 'none'>();
  return (news) => {
    const commands = commandsIn(news);
    const configs = new Map<string, Values>();
    const entries: Entry[] = [];
    for (let index = news.length - 1; index >= 0; index -= 1) {
      const item = news[index];
      if (item === undefined) continue;
      const { data } = item;
      const source = 'command' in data ? commands.get(data.command.commandId) : { latest: item, oldest: item };
      const before = configs.get(data.feederId);
      if ('config' in data) configs.set(data.feederId, data.config.values);
      // A command stands where it was sent, and says there how it stands now.
      if (source?.oldest !== item) continue;
      const entry = made.get(source.latest) ?? entryOf(source.latest, before) ?? 'none';
      made.set(source.latest, entry);
      if (entry !== 'none') entries.push(entry);
    }
    return entries.reverse();
  };
}

type Told = { latest: News; oldest: News };

/** For each command the news that tell of it first and last. */
function commandsIn(news: readonly News[]): Map<string, Told> {
  const commands = new Map<string, Told>();
  for (const item of news) {
    if (!('command' in item.data)) continue;
    const { commandId } = item.data.command;
    commands.set(commandId, { latest: commands.get(commandId)?.latest ?? item, oldest: item });
  }
  return commands;
}

/** Undefined for what another entry tells. */
function entryOf({ id, data }: News, before: Values | undefined): Entry | undefined {
  const head = { key: id, feederId: data.feederId, at: data.at };
  if ('presence' in data) return { ...head, what: { type: 'presence', state: data.presence.state, reason: data.presence.reason } };
  if ('command' in data) return { ...head, key: data.command.commandId, at: data.command.issuedAt, what: { type: 'command', command: data.command } };
  if ('meal' in data) return { ...head, what: { type: 'meal', meal: data.meal } };
  if ('alarm' in data) return { ...head, what: { type: 'alarm', alarm: data.alarm, turn: turnOf(data.alarm) } };
  // What was set from here is told by its command.
  if (data.config.source === 'command') return undefined;
  return { ...head, what: { type: 'config', config: data.config, changes: before && changesBetween(before, data.config.values) } };
}

const turnOf = ({ state, acknowledgedAt }: Alarm): 'raised' | 'acknowledged' | 'over' => {
  if (state === 'cleared') return 'over';
  return acknowledgedAt === null ? 'raised' : 'acknowledged';
};

/** What is other in `after`. */
export const changesBetween = (before: Values, after: Values): ValueChange[] =>
  Object.entries(after).flatMap(([name, value]) => (before[name] === value ? [] : [{ name, old: before[name], value }]));

/** What a command changes: from what was read before it to what was read back; as it was asked for, while that is not known. */
export function changesOf({ changes, previous, readBack, state }: Command): ValueChange[] {
  const held = state === 'applied' ? readBack : undefined;
  return Object.entries(changes ?? {}).map(([name, asked]) => ({ name, old: previous?.[name], value: held?.[name] ?? asked }));
}
