import { channel } from 'node:diagnostics_channel';

/**
 * The named points of a command's life, in order. The bridge: checked and `accepted`, `stored`, `published`,
 * `acknowledged`, its outcome `storing` and `settled`, `answered` to the caller. Between the third and the fourth the agent:
 * `received`, `started` in its journal, `writing` to the PLC, `written`, `finished` in its journal, `acked`.
 */
export const POINTS = [
  'accepted',
  'stored',
  'published',
  'received',
  'started',
  'writing',
  'written',
  'finished',
  'acked',
  'acknowledged',
  'storing',
  'settled',
  'answered',
] as const;
export type Point = (typeof POINTS)[number];
export type PointReached = { point: Point; commandId: string };

const points = channel('feederbridge.command');

/** Tells whoever subscribed to the channel `feederbridge.command` that a command came to a point; costs nothing where nobody did. */
export function reached(point: Point, commandId: string): void {
  if (!points.hasSubscribers) return;
  const told: PointReached = { point, commandId };
  points.publish(told);
}
