import { join } from 'node:path';
import { openJournal } from '../../agent/journal/disk-journal.ts';
import { openLevelDisk } from '../../agent/disk/level-disk.ts';
import type { Outcome } from '../../topics/commands.ts';
import type { FeederEvidence } from './evidence.ts';
import type { StoredCommand } from './store.ts';
import type { AgentSite } from './system.ts';

type JournalEvidence = Pick<FeederEvidence, 'journalId' | 'journal'>;

/** An agent's journals, after it has ended. */
export async function readJournals({ disk: { dataDir }, feederIds }: AgentSite, commands: readonly StoredCommand[]): Promise<Map<string, JournalEvidence>> {
  const onDamaged = (what: string): never => {
    throw new Error(`expected a journal without damage: ${what}`);
  };
  const journals = await openLevelDisk(join(dataDir, 'journal'), onDamaged);
  try {
    const found = new Map<string, JournalEvidence>();
    for (const feederId of feederIds) {
      const journal = await openJournal(journals.of(feederId), { newId: () => 'new', diskId: journals.diskId, onDamaged });
      const outcomes = new Map<string, Outcome | 'started'>();
      for (const { commandId } of commands.filter((command) => command.feederId === feederId)) {
        const entry = await journal.find(commandId);
        if (entry) outcomes.set(commandId, entry.state === 'started' ? 'started' : entry.ack.outcome);
      }
      found.set(feederId, { journalId: journal.journalId, journal: outcomes });
    }
    return found;
  } finally {
    await journals.close();
  }
}
