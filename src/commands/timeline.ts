import { reached } from '../../machine/points.ts';

/** Each from one moment to the next. */
const SPANS = [
  // Checked, until it may be stored.
  { stage: 'door', from: 'received', to: 'accepted' },
  // Stored, its version taken.
  { stage: 'store', from: 'accepted', to: 'stored' },
  // Written to the agent's connection.
  { stage: 'publish', from: 'stored', to: 'published' },
  // On the line, at the agent and its PLC, and on the line back.
  { stage: 'agent', from: 'published', to: 'acknowledged' },
  // Acknowledged, and waiting for its turn to be stored.
  { stage: 'ack', from: 'acknowledged', to: 'storing' },
  // The outcome stored.
  { stage: 'commit', from: 'storing', to: 'settled' },
] as const;

/** The stages of a change's way, in order. */
export const STAGES = SPANS.map(({ stage }) => stage);
type Stage = (typeof SPANS)[number]['stage'];
export type Moment = (typeof SPANS)[number]['from' | 'to'];
export type StageDuration = { stage: Stage; ms: number };

/** When a command first came to each moment, in milliseconds on the monotonic clock; what an earlier bridge did is not known. */
export type Timeline = Partial<Record<Moment, number>>;

/** A command came to a moment, at `monotonicMs`; of several times the first counts. Whoever watches for that point is told. */
export function mark(timeline: Timeline, moment: Exclude<Moment, 'received'>, commandId: string, monotonicMs: number): void {
  timeline[moment] ??= monotonicMs;
  reached(moment, commandId);
}

/** How long each stage took, in milliseconds; only those whose beginning and end are known. */
export const stageDurationsMs = (timeline: Timeline): StageDuration[] =>
  SPANS.flatMap(({ stage, from, to }) => {
    const beganMs = timeline[from];
    const endedMs = timeline[to];
    return beganMs === undefined || endedMs === undefined ? [] : [{ stage, ms: Math.max(0, endedMs - beganMs) }];
  });
