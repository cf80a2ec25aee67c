import type { Farm } from '../../farm/farm.ts';
import type { News } from '../../farm/news.ts';

/** The id of the newest event of some kinds about a feeder: another one means that there is something new to ask for. */
export const newestEventOf = (farm: Farm, feederId: string, types: readonly News['type'][]): string | undefined =>
  farm.news.value.find(({ type, data }) => data.feederId === feederId && types.includes(type))?.id;
