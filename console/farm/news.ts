import type { StreamedEvent } from '../api/event-stream.ts';
import type { FarmEvent } from '../api/shapes.ts';

/** Something that happened to a feeder and is worth telling: all events but the latest readings. */
export type News = StreamedEvent & { id: string; data: Exclude<FarmEvent, { state: unknown } | { newestId: number }> };

export const isNews = (event: StreamedEvent): event is News => event.id !== undefined && 'feederId' in event.data && !('state' in event.data);
