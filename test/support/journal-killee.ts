import { randomUUID } from 'node:crypto';
import { openJournal } from '../../agent/journal/disk-journal.ts';
import { openLevelDisk } from '../../agent/disk/level-disk.ts';
import { feedNow, finishedAck } from './journal-commands.ts';

/** Writes commands to a journal as fast as it can, and prints what was kept: the journal's id first, then each step. */
const [directory = ''] = process.argv.slice(2);
const told = (what: string): void => console.log(`damaged ${what}`);
const level = await openLevelDisk(directory, told);
const journal = await openJournal(level.of('pond-1'), { newId: randomUUID, diskId: level.diskId, onDamaged: told });
console.log(`journal ${journal.journalId}`);
for (;;) {
  const command = feedNow({ commandId: randomUUID() });
  await journal.start({ state: 'started', kind: 'feed-now', command, token: 7, before: { lastToken: 6 }, atMs: 0 });
  console.log(`started ${command.commandId}`);
  await journal.finish(command, finishedAck(command, 'applied'));
  console.log(`finished ${command.commandId}`);
}
