import { pino } from 'pino';
import { z } from 'zod';
import type { Log } from '../../machine/log.ts';

const Line = z.looseObject({ level: z.string(), msg: z.string() });

/** A log of all levels that a test can read. */
export function memoryLog(): { log: Log; lines: z.infer<typeof Line>[] } {
  const lines: z.infer<typeof Line>[] = [];
  const write = (line: string): void => void lines.push(Line.parse(JSON.parse(line)));
  return { log: pino({ level: 'debug', formatters: { level: (level) => ({ level }) } }, { write }), lines };
}
