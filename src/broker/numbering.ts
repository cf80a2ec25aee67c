import type { TopicName } from '../../topics/topics.ts';

/**
 * Aedes numbers messages, and leaves out for a client what has a lower number than the last one from the same broker.
 * One that is stored on its way, being retained or of QoS 1, is overtaken by one that is not, and would be left out: so
 * each kind, which goes one way, is told to come from a broker of its own.
 */
export const countedAs = (name: TopicName, qos: number): { brokerId: string } => ({ brokerId: `${name}/${qos}` });

/** Whether a packet is a retained one that a new subscriber gets: Aedes sends one after the other, as they are taken. */
export function isReplayed({ brokerId }: { brokerId: string | null }): boolean {
  return brokerId === null;
}
