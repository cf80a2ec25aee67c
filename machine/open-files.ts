import { z } from 'zod';

const Report = z.object({ userLimits: z.object({ open_files: z.object({ soft: z.union([z.number(), z.literal('unlimited')]) }) }) });

/** How many files and connections the system lets this process have open; Infinity where it says nothing. */
export function mostOpenFiles(): number {
  // Otherwise it looks up the names of all peers. Younger than the types of Node.
  Object.assign(process.report, { excludeNetwork: true });
  const { success, data } = Report.safeParse(process.report.getReport());
  const most = success ? data.userLimits.open_files.soft : 'unlimited';
  return most === 'unlimited' ? Infinity : most;
}
