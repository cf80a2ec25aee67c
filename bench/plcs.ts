import { z } from 'zod';
import { loadRegisterMap } from '../agent/plc/register-map.ts';
import { Memory } from '../agent/plc/simulator/memory.ts';
import * as protocol from '../agent/plc/simulator/protocol.ts';
import { defaultSetting } from '../agent/plc/simulator/registers.ts';
import { ModbusTcpServer } from '../agent/plc/simulator/tcp-server.ts';
import { readOrders, tellReady } from './child.ts';

// The PLCs of one benchmark, all in this process, each on a port of its own: the simulator's registers and Modbus TCP,
// without the feeder behind them, whose scans would take the time that is measured.

const { count, registerMap } = await readOrders(z.object({ count: z.int(), registerMap: z.string() }));
const loaded = await loadRegisterMap(registerMap);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const { map } = loaded;

async function startPlc(): Promise<number> {
  const memory = new Memory(map);
  for (const [name, entry] of map.config) memory.measure(entry, defaultSetting(name, entry));
  const server = new ModbusTcpServer('127.0.0.1', 0, (_unitId, pdu) => Promise.resolve(answer(memory, pdu)));
  await server.listen();
  return server.port;
}

function answer(memory: Memory, pdu: Buffer): Buffer {
  const parsed = protocol.parseRequest(pdu);
  if (!parsed.ok) return protocol.exceptionReply(pdu, parsed.exceptionCode);
  const { request } = parsed;
  const held = memory.read(request.table, request.address, request.kind === 'read' ? request.count : request.values.length);
  if (!held) return protocol.exceptionReply(pdu, protocol.ILLEGAL_ADDRESS);
  if (request.kind === 'write') memory.write(request.table, request.address, request.values);
  return protocol.replyTo(request, pdu, held);
}

tellReady({ ports: await Promise.all(Array.from({ length: count }, startPlc)) });
