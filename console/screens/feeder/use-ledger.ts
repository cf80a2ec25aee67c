import { useEffect, useState } from 'preact/hooks';
import { asked } from '../../api/client.ts';
import type { Command } from '../../api/shapes.ts';
import type { Farm } from '../../farm/farm.ts';
import { usePages, type Pages } from '../../parts/use-pages.ts';
import { api } from '../../session/session.ts';
import { laterOf, ledgerAfter } from './ledger-after.ts';

const PAGE = 20;

/** The commands of a feeder, newest first, as they were read and as they go on. `again` reads them anew. */
export function useLedger(farm: Farm, feederId: string, state: Command['state'] | undefined): { pages: Pages<Command>; more: () => void; again: () => void } {
  const [heard, setHeard] = useState<ReadonlyMap<string, Command>>(new Map());
  // While the link was lost, nobody told what happened.
  const isLive = farm.link.value.kind !== 'lost';
  const { pages, more, again } = usePages(
    (cursor, signal) => asked(() => api.GET('/feeders/{feederId}/commands', { params: { path: { feederId }, query: { limit: PAGE, ...(state && { state }), ...cursor } }, signal })),
    [state, isLive],
  );
  useEffect(
    () =>
      farm.followCommands((command) => {
        if (command.feederId === feederId) setHeard((known) => new Map(known).set(command.commandId, laterOf(known.get(command.commandId), command)));
      }),
    [farm, feederId],
  );
  if (pages.kind !== 'ready') return { pages, more, again };
  return { pages: { ...pages, items: ledgerAfter({ items: pages.items, isWhole: pages.nextCursor === undefined, state }, heard) }, more, again };
}
