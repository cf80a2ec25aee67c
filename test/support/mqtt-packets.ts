/** A string field of MQTT: two length bytes and the bytes, well-formed or not. */
export function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A packet of any first byte around any body. */
export function packet(firstByte: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([firstByte, ...remainingLength(body.length)]), body]);
}

/** The variable-length number in a fixed header [MQTT-2.2.3]. */
export function remainingLength(value: number): number[] {
  const rest = Math.floor(value / 128);
  return rest > 0 ? [(value % 128) | 0x80, ...remainingLength(rest)] : [value];
}

type Connect = {
  clientId: string | Buffer;
  username: string | Buffer;
  password: string;
  level?: number;
  keepaliveSeconds?: number;
  /** False asks the broker to keep the session. */
  clean?: boolean;
  will?: { topic: string | Buffer; payload: string; qos?: number; retain?: boolean };
};

/** CONNECT, with a clean session unless told otherwise. */
export function connectPacket({ clientId, username, password, level = 4, keepaliveSeconds = 30, clean = true, will }: Connect): Buffer {
  const willFlags = will ? 0x04 | ((will.qos ?? 1) << 3) | (will.retain ? 0x20 : 0) : 0;
  const head = Buffer.from([level, 0xc0 | (clean ? 0x02 : 0) | willFlags, keepaliveSeconds >> 8, keepaliveSeconds & 0xff]);
  // MQTT 5 has properties here, and before a will.
  const none = level === 5 ? Buffer.from([0]) : Buffer.alloc(0);
  const willFields = will ? [none, field(will.topic), field(will.payload)] : [];
  return packet(0x10, field('MQTT'), head, none, field(clientId), ...willFields, field(username), field(password));
}

/** PUBLISH, of any QoS that two bits can say. */
export function publishPacket(topic: string | Buffer, payload: string | Buffer, { qos = 1, retain = false, id = 1 } = {}): Buffer {
  const messageId = qos > 0 ? Buffer.from([id >> 8, id & 0xff]) : Buffer.alloc(0);
  return packet(0x30 | (qos << 1) | (retain ? 1 : 0), field(topic), messageId, Buffer.from(payload));
}

/** SUBSCRIBE to one filter. */
export function subscribePacket(filter: string | Buffer, { qos = 1, id = 1 } = {}): Buffer {
  return packet(0x82, Buffer.from([id >> 8, id & 0xff]), field(filter), Buffer.from([qos]));
}

/** PINGREQ; answered with PONG. */
export const PING = Buffer.from([0xc0, 0]);
export const PONG = Buffer.from([0xd0, 0]);
/** CONNACK with a return code. */
export const connack = (returnCode: number): Buffer => Buffer.from([0x20, 2, 0, returnCode]);
export const suback = (id: number, granted: number): Buffer => Buffer.from([0x90, 3, id >> 8, id & 0xff, granted]);
export const puback = (id: number): Buffer => Buffer.from([0x40, 2, id >> 8, id & 0xff]);
