import { z } from 'zod';
import { FeederId } from '../topics/identifiers.ts';
import { endpointName } from './modbus/endpoint.ts';
import type { LocatedProblem } from './yaml-file.ts';

/** A token, or where it is. */
export const Secret = z.union([z.string().min(1), z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })], {
  error: 'expected a token, { env: NAME } or { file: path }',
});

const timeoutMs = z.int().min(50).max(60_000).default(1000);
const unitId = (min: number, max: number) => {
  const error = `expected a unit id from ${min} to ${max}`;
  return z.int(error).min(min, error).max(max, error).default(1);
};

const PlcAddress = z.union(
  [
    z.strictObject({
      // Names of hosts are the same in either case.
      host: z.string().min(1).toLowerCase(),
      port: z.int().min(1).max(65_535).default(502),
      unitId: unitId(0, 255),
      timeoutMs,
    }),
    z.strictObject({
      serial: z.string().min(1),
      baudRate: z.int().min(300).max(1_000_000).default(9600),
      dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
      parity: z.enum(['none', 'even', 'odd']).default('none'),
      stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
      // On a serial line 0 is a broadcast, which nobody answers.
      unitId: unitId(1, 247),
      timeoutMs,
    }),
  ],
  { error: 'expected { host, port, unitId, timeoutMs } or { serial, baudRate, dataBits, parity, stopBits, unitId, timeoutMs }' },
);

const Feeder = z.strictObject({
  feederId: FeederId,
  token: Secret,
  plc: PlcAddress,
  registerMap: z.string().min(1),
  pollSeconds: z.number().min(0.05).max(3600).default(2),
});

/** What keeps a feeder from being served beside those named before it. */
function conflicts({ feederId, plc }: z.infer<typeof Feeder>, earlier: readonly z.infer<typeof Feeder>[]): LocatedProblem[] {
  const problems: LocatedProblem[] = [];
  if (earlier.some((other) => other.feederId === feederId)) {
    problems.push({ path: ['feederId'], message: `expected each feeder once, but ${feederId} is there twice` });
  }
  const where = endpointName(plc);
  const neighbours = earlier.filter((other) => endpointName(other.plc) === where);
  const [first] = neighbours;
  if (!first) return problems;
  const own = new Map<string, unknown>(Object.entries(plc));
  for (const [option, value] of Object.entries(first.plc)) {
    if (option === 'unitId' || own.get(option) === value) continue;
    problems.push({ path: ['plc', option], message: `expected ${value}, as ${first.feederId} has it: both share ${where}` });
  }
  return problems;
}

/** What records that the bridge has not stored may take; `maxMegabytes` in all, of which each feeder has an equal share. */
const Spool = z.strictObject({
  maxDays: z.int().min(1).max(3650).default(30),
  maxMegabytes: z.int().min(1).max(100_000).default(256),
});

/** Where the bridge takes MQTT over WebSocket. */
export const BridgeUrl = z.url({ protocol: /^wss?$/, error: 'expected a URL such as wss://bridge.example/mqtt' });
/** The certificates of a private CA, in PEM. */
export const CaFile = z.string().min(1).optional();

/** What agent.yaml says, with every default. */
export const AgentFile = z.strictObject({
  bridge: BridgeUrl,
  caFile: CaFile,
  dataDir: z.string().min(1).default('./agent-data'),
  heartbeatSeconds: z.number().min(0.1).max(3600).default(20),
  spool: Spool.default(Spool.parse({})),
  feeders: z
    .array(Feeder)
    .min(1, 'expected at least one feeder')
    .superRefine((feeders, context) => {
      for (const [index, feeder] of feeders.entries()) {
        for (const { path, message } of conflicts(feeder, feeders.slice(0, index))) {
          context.addIssue({ code: 'custom', path: [index, ...path], message });
        }
      }
    }),
});
