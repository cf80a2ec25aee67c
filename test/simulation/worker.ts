import { z } from 'zod';
import { runEpisode } from './episode.ts';
import { loadMaps } from './maps.ts';

/** A process that runs one episode after the other, as it is told their seeds, until nobody tells it any more. */
const maps = await loadMaps();
process.on('message', (told) => {
  void runEpisode(z.number().parse(told), maps).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
