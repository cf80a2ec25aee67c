import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Changes } from '../change/changes.ts';
import type { Farm } from '../farm/farm.ts';
import { readKeptFarm, type KeptFarm } from '../farm/kept-farm.ts';
import { farmAsKept } from '../farm/last-values.ts';
import { Icon } from '../parts/icon.tsx';
import { tabCaller } from '../session/session.ts';
import { words } from '../words/words.ts';
import { Shell } from './shell.tsx';

type Found = { farm: Farm; changes: Changes };

/** What one caller saw is not for another, whose tab this is. */
const isForThisTab = ({ keptFor }: KeptFarm): boolean => (tabCaller() ?? keptFor) === keptFor;

/** What this device kept of the farm, for as long as the bridge cannot be reached. Nothing can be changed. */
export function LastValues({ children: drawn }: { children: (found: Found) => JSX.Element }): JSX.Element | null {
  const [found, setFound] = useState<Found | 'looking' | 'nothing'>('looking');
  useEffect(() => {
    const left = new AbortController();
    void readKeptFarm().then((kept) => {
      if (left.signal.aborted) return;
      if (kept === undefined || !isForThisTab(kept)) {
        setFound('nothing');
        return;
      }
      const farm = farmAsKept(kept);
      setFound({ farm, changes: new Changes(farm, '', left.signal) });
    });
    return () => left.abort();
  }, []);
  if (found === 'looking') return null;
  if (found !== 'nothing') return <Shell farm={found.farm} isOfflineCopy>{drawn(found)}</Shell>;
  const { unreached } = words.value.common;
  return (
    <main class="splash" id="content">
      <h1 tabIndex={-1}>{unreached.title}</h1>
      <p role="status" class="note note-bad"><Icon name="linkLost" /><span>{unreached.text}</span></p>
    </main>
  );
}
