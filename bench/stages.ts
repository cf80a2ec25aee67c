/** How long each stage of a command has taken so far, all together, and how often: as the bridge's metrics have it. */
type StageSums = ReadonlyMap<string, { seconds: number; count: number }>;

/** The mean of each stage, in milliseconds, in the order of the way. */
export type StageMeans = { stage: string; meanMs: number }[];

const SUM_OR_COUNT = /^feederbridge_command_stage_duration_seconds_(sum|count)\{stage="(\w+)"\} (\S+)$/gm;

/** Reads the stages of all commands up to now from a bridge. */
export async function readStages({ url }: { url: string }): Promise<StageSums> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const sums = new Map<string, { seconds: number; count: number }>();
  for (const [, figure, stage = '', value] of text.matchAll(SUM_OR_COUNT)) {
    const known = sums.get(stage) ?? { seconds: 0, count: 0 };
    sums.set(stage, figure === 'sum' ? { ...known, seconds: Number(value) } : { ...known, count: Number(value) });
  }
  return sums;
}

/** What the stages took on average between two readings. */
export const stageMeans = (before: StageSums, after: StageSums): StageMeans =>
  [...after].map(([stage, { seconds, count }]) => {
    const former = before.get(stage) ?? { seconds: 0, count: 0 };
    return { stage, meanMs: ((seconds - former.seconds) * 1000) / Math.max(1, count - former.count) };
  });
