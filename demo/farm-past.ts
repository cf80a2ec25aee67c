import { profileOf } from '../agent/profile.ts';
import type { FeederLife } from '../seed/feeder-life.ts';
import { seedHistory } from '../seed/seed-history.ts';
import { openDatabase } from '../src/store/database.ts';
import { updateProfile } from '../src/store/feeders.ts';
import type { LoadedReferenceMap } from './farm-plcs.ts';
import { FEEDERS, LOST_HOURS_AGO, SITES, type DemoSite } from './farm.ts';

export type PastOrder = {
  dataDir: string;
  retentionDays: number;
  days: number;
  timeZone: string;
  /** What the agents once said that their feeders are, those too that are away now. */
  registerMap: LoadedReferenceMap;
  /** The database is gone. */
  onLost: (reason: Error) => void;
};

/** Enrols the farm's feeders with their past in an embedded database of its own, and tells how that left each. */
export async function makeUpPast(order: PastOrder): Promise<ReadonlyMap<string, FeederLife>> {
  const { dataDir, registerMap, onLost, ...span } = order;
  const db = await openDatabase({ dataDir, onLost });
  try {
    const lives = new Map<string, FeederLife>();
    for (const { site, seed, feeders } of SITES) {
      const seeded = await seedHistory(db, { ...span, site, seed, feeders: feeders.map(asOrdered), onStored: () => undefined });
      for (const { feeder, life } of seeded) lives.set(feeder.feederId, life);
    }
    for (const { feederId } of FEEDERS) await updateProfile(db, feederId, profileOf(registerMap.map, registerMap.sha256));
    return lives;
  } finally {
    await db.close();
  }
}

const asOrdered = ({ feederId, name, condition }: DemoSite['feeders'][number]) => ({
  feederId,
  name,
  ...(condition === 'lost' && { lostHoursAgo: LOST_HOURS_AGO }),
});
