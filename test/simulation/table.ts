import type { Counts } from './tally.ts';

/** What was counted, for people: a line for each count, those that belong together under one heading. */
export function tableOf(counts: Counts): string {
  const groups = new Map<string, [name: string, count: number][]>();
  for (const [path, count] of Object.entries(counts).sort(([a], [b]) => a.localeCompare(b))) {
    const [group = '', name = ''] = path.split('/');
    groups.set(group, [...(groups.get(group) ?? []), [name, count]]);
  }
  const lines = [...groups].flatMap(([group, rows]) => [
    group,
    ...rows.map(([name, count]) => `  ${name.padEnd(32)} ${count.toLocaleString('en').padStart(12)}`),
  ]);
  return lines.join('\n');
}
