import fc from 'fast-check';
import { buildTopic, encode, TOPICS, type TopicName } from '../../topics/topics.ts';
import { connack, connectPacket, field, packet, PING, publishPacket, puback, remainingLength, suback, subscribePacket } from '../support/mqtt-packets.ts';

/** Whoever fuzzes writes this into whatever it may, so that it is known where that comes out. */
export const MARK = 'fuzzed';

/** What a client says to be let in. */
export type Login = { clientId: string; username: string; password: string };

/** The ids that are worth a try: of the one who tries, and of a feeder that is none of its business. */
export type Ids = { own: string; foreign: string };

const AT = '2026-01-31T08:00:00.000Z';
/** What an agent may say, by the topic that it is for. */
const MESSAGES = [
  ['heartbeat', encode('heartbeat', { sessionId: MARK, seq: 0, sentAt: AT, uptimeSeconds: 1, plc: 'ok', configVersion: 0 })],
  ['session', encode('session', { sessionId: MARK, state: 'ended', reason: 'connection-lost' })],
  ['ack', encode('ack', { commandId: MARK, outcome: 'applied', at: AT, readBack: {} })],
  ['config', encode('config', { configVersion: 0, values: { [MARK]: 1 }, readAt: AT, source: 'start' })],
  ['state', encode('state', { at: AT, values: { [MARK]: 1 }, quality: {} })],
  ['records', encode('records', { spoolId: MARK, records: [{ seq: 1, at: AT, kind: 'plc', state: 'ok' }] })],
] as const;
const PAYLOADS = [...MESSAGES.map(([, payload]) => payload), `{"${MARK}":1}`, ''];

const bytes = fc.uint8Array({ maxLength: 64 }).map((content) => Buffer.from(content));
const id = fc.integer({ min: 0, max: 0xffff });
const qos = fc.integer({ min: 0, max: 3 });

function topicsOf({ own, foreign }: Ids): fc.Arbitrary<string | Buffer> {
  const names = Object.keys(TOPICS) as TopicName[];
  const known = [own, foreign].flatMap((feederId) => names.map((name) => buildTopic(feederId, name)));
  const odd = ['#', '+/+/+', '$SYS/#', '$SYS/broker', `$share/x/${buildTopic(foreign, 'command')}`, `feeder/${foreign}/#`, `feeder/${own}/../${foreign}/command`, '/', '', '\u0000'];
  return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, fc.constantFrom(...odd), fc.string({ maxLength: 40 }), bytes);
}

/** A packet of any type, most of them in order. */
function packetsOf(ids: Ids, login: Login): fc.Arbitrary<Buffer> {
  const topic = topicsOf(ids);
  const payload = fc.oneof(fc.constantFrom(...PAYLOADS), fc.json({ maxDepth: 2 }), bytes);
  const will = fc.record({ topic, payload: fc.constantFrom(...PAYLOADS), qos, retain: fc.boolean() });
  const message = fc.record({ feederId: fc.constantFrom(ids.own, ids.own, ids.foreign), of: fc.constantFrom(...MESSAGES), qos: fc.nat({ max: 2 }), retain: fc.boolean(), id });
  const clientId = fc.constantFrom(login.clientId, ids.foreign, '', '#');
  return fc.oneof(
    { weight: 6, arbitrary: message.map(({ feederId, of: [name, payload], ...how }) => publishPacket(buildTopic(feederId, name), payload, how)) },
    { weight: 4, arbitrary: fc.record({ topic, payload, qos, retain: fc.boolean(), id }).map((each) => publishPacket(each.topic, each.payload, each)) },
    { weight: 2, arbitrary: fc.record({ topic, qos, id }).map((each) => subscribePacket(each.topic, each)) },
    fc.record({ topic, id }).map((each) => packet(0xa2, idBytes(each.id), field(each.topic))),
    fc.tuple(fc.constantFrom(0x40, 0x50, 0x62, 0x70, 0xb0), id).map(([type, messageId]) => packet(type, idBytes(messageId))),
    fc.constantFrom(PING, packet(0xe0), connack(0), puback(1), suback(1, 0), connectPacket(login)),
    fc.record({ clientId, will, keepaliveSeconds: fc.nat({ max: 0xffff }), level: fc.nat({ max: 255 }) }).map((each) => connectPacket({ ...login, ...each })),
    fc.tuple(fc.nat({ max: 255 }), fc.array(fc.oneof(bytes, bytes.map(field)), { maxLength: 3 })).map(([type, parts]) => packet(type, ...parts)),
    bytes,
  );
}

const idBytes = (messageId: number): Buffer => Buffer.from([messageId >> 8, messageId & 0xff]);

type Mutation = (original: Buffer) => Buffer;

/** What goes wrong on the way, or is made to. Places are taken modulo what there is. */
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat({ max: 7 })).map(([at, bit]): Mutation => (original) => {
    const flipped = Buffer.from(original);
    const place = at % Math.max(1, flipped.length);
    if (place < flipped.length) flipped[place] = (flipped[place] ?? 0) ^ (1 << bit);
    return flipped;
  }),
  fc.nat().map((at): Mutation => (original) => original.subarray(0, at % (original.length + 1))),
  fc.tuple(fc.nat(), bytes).map(([at, more]): Mutation => (original) => {
    const place = at % (original.length + 1);
    return Buffer.concat([original.subarray(0, place), more, original.subarray(place)]);
  }),
  fc.integer({ min: 2, max: 50 }).map((times): Mutation => (original) => Buffer.concat(Array.from({ length: times }, () => original))),
  fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 2 ** 28 - 1 })).map((length): Mutation => (original) =>
    Buffer.concat([original.subarray(0, 1), Buffer.from(remainingLength(length)), original.subarray(2)]),
  ),
);

/** What one client sends on one connection, as chunks: with its login first or without, right or mutated. */
export function conversationsOf(ids: Ids, login: Login): fc.Arbitrary<Buffer[]> {
  const mutated = fc
    .tuple(packetsOf(ids, login), fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(mutation, { minLength: 1, maxLength: 3 })))
    .map(([original, mutations]) => mutations.reduce((changed, mutate) => mutate(changed), original));
  return fc.tuple(fc.integer({ min: 0, max: 3 }), fc.array(mutated, { minLength: 1, maxLength: 8 })).map(([without, packets]) => (without === 0 ? packets : [connectPacket(login), ...packets]));
}
