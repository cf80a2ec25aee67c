import modbusSerial from 'modbus-serial';
import { connectAsync } from 'mqtt';
import { z } from 'zod';
import { readOrders, tellReady } from './child.ts';

// The least code that writes a register when a command comes and answers with what it reads back: the floor that the
// agent is measured against. Trusts what it gets, remembers nothing, polls nothing.

type Command = { commandId: string; changes: { mealGrams: number } };

const Orders = z.object({ url: z.string(), feeders: z.array(z.object({ feederId: z.string(), port: z.int() })) });
const { url, feeders } = await readOrders(Orders);

for (const { feederId, port } of feeders) {
  const plc = new modbusSerial.default();
  await plc.connectTCP('127.0.0.1', { port });
  plc.setID(1);
  const mqtt = await connectAsync(url, { clientId: feederId });
  const carryOut = async (payload: Buffer): Promise<void> => {
    const { commandId, changes } = JSON.parse(payload.toString()) as Command;
    await plc.writeRegisters(0, [changes.mealGrams]);
    const { data } = await plc.readHoldingRegisters(0, 1);
    mqtt.publish(`feeder/${feederId}/ack`, JSON.stringify({ commandId, readBack: { mealGrams: data[0] } }), { qos: 1 });
  };
  mqtt.on('message', (_topic, payload) => void carryOut(payload));
  await mqtt.subscribeAsync(`feeder/${feederId}/command`, { qos: 1 });
}
tellReady();
