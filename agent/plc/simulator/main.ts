import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { formatProblems } from '../../yaml-file.ts';
import { loadRegisterMap } from '../register-map.ts';
import { stopOnSignal } from '../../../machine/stop-signals.ts';
import { runLine } from './console.ts';
import { openRetainedMemory, type RetainedMemory } from './retained-memory.ts';
import { SimulatedPlc } from './simulated-plc.ts';

const USAGE = 'usage: npm run plc -- --port 1502 --map FILE [--host 127.0.0.1] [--unit-id 0..255] [--speed N] [--retain FILE]';

const whole = (what: string, min: number, max: number) =>
  z.string(`expected --${what}`).regex(/^\d+$/, `expected --${what} to be a whole number from ${min} to ${max}`).transform(Number)
    .pipe(z.int().min(min, `expected --${what} of at least ${min}`).max(max, `expected --${what} of at most ${max}`));

const Arguments = z.object({
  port: whole('port', 0, 65535),
  map: z.string('expected --map FILE'),
  host: z.string().min(1).default('127.0.0.1'),
  'unit-id': whole('unit-id', 0, 255).optional(),
  /** Where to keep what survives a power cut. */
  retain: z.string().min(1, 'expected --retain FILE').optional(),
  speed: z.coerce.number('expected --speed to be a number').positive('expected --speed above 0').default(1),
});

/** Bad usage: said in full, and told to scripts by the exit code. */
function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}

function readArguments(): z.infer<typeof Arguments> {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({ options: { port: text, map: text, host: text, 'unit-id': text, speed: text, retain: text } });
    const parsed = Arguments.safeParse(values);
    if (parsed.success) return parsed.data;
    return refuse(`${parsed.error.issues.map(({ message }) => message).join('\n')}\n${USAGE}`);
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

const { port, map: file, host, 'unit-id': unitId, speed, retain } = readArguments();
const loaded = await loadRegisterMap(file);
if (!loaded.ok) refuse(formatProblems(loaded.problems));

/** What the PLC retained earlier. */
function retainedMemory(retainedFile: string, mapName: string): RetainedMemory {
  try {
    return openRetainedMemory(retainedFile, mapName);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const now = new Date();
const secondOfDay = now.getHours() * 3600 + now.getMinutes() * 60 + now.getSeconds();
const plc = await SimulatedPlc.start({
  map: loaded.map,
  port,
  host,
  speed,
  secondOfDay,
  ...(unitId !== undefined && { unitId }),
  ...(retain !== undefined && { retainedMemory: retainedMemory(retain, loaded.map.name) }),
}).catch((error: unknown) => refuse(`cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`));
console.log(`simulated PLC ${loaded.map.name} listening on ${host}:${plc.port}`);

// A closed stdin ends the console, not the PLC.
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  runLine(plc, line)
    .then((answer) => answer && console.log(answer))
    .catch((error: unknown) => console.error(error instanceof Error ? error.message : String(error)));
});

stopOnSignal(
  async () => {
    lines.close();
    await plc.stop();
  },
  (error) => console.error(error),
);
