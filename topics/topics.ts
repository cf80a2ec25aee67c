import { z } from 'zod';
import { Ack, Command } from './commands.ts';
import { FeederId } from './identifiers.ts';
import {
  ConfigReport,
  Heartbeat,
  HeartbeatReply,
  PresenceNotice,
  Profile,
  RecordBatch,
  RecordReceipt,
  SessionNotice,
  State,
} from './payloads.ts';

type TopicRule = {
  /** Who publishes it. */
  readonly from: 'agent' | 'bridge';
  readonly qos: 0 | 1;
  readonly retain: boolean;
  readonly payload: z.ZodType;
  /** What a person with an MQTT explorer sees there. */
  readonly about: string;
};

/** Every topic below `feeder/{id}/`, by the rest of its name. The only place that says who sends what, and how. */
export const TOPICS = {
  heartbeat: {
    from: 'agent',
    qos: 0,
    retain: false,
    payload: Heartbeat,
    about: 'The agent is alive, and whether it reaches its PLC; renews the lease.',
  },
  'heartbeat/reply': {
    from: 'bridge',
    qos: 0,
    retain: false,
    payload: HeartbeatReply,
    about: "The bridge's clock, from which the agent keeps its offset.",
  },
  session: {
    from: 'agent',
    qos: 1,
    retain: false,
    payload: SessionNotice,
    about: 'A connection began or said goodbye; also the will, sent when the connection is lost.',
  },
  presence: {
    from: 'bridge',
    qos: 1,
    retain: true,
    payload: PresenceNotice,
    about: 'Online or offline since when and why, derived from the lease.',
  },
  profile: {
    from: 'agent',
    qos: 1,
    retain: true,
    payload: Profile,
    about: 'Agent version, register map, what can be set in which unit and range, and the guards of feed-now.',
  },
  config: {
    from: 'agent',
    qos: 1,
    retain: true,
    payload: ConfigReport,
    about: 'All config values as last read from the PLC.',
  },
  command: {
    from: 'bridge',
    qos: 1,
    retain: false,
    payload: Command,
    about: 'An order to the agent; the same id may come more than once.',
  },
  ack: {
    from: 'agent',
    qos: 1,
    retain: false,
    payload: Ack,
    about: 'How a command ended, with the values read back from the PLC.',
  },
  state: {
    from: 'agent',
    qos: 0,
    retain: true,
    payload: State,
    about: 'The latest readings, for live views; may be lost.',
  },
  records: {
    from: 'agent',
    qos: 1,
    retain: false,
    payload: RecordBatch,
    about: 'Durable history: readings, meals, alarms; one batch at a time, oldest first.',
  },
  'records/stored': {
    from: 'bridge',
    qos: 1,
    retain: false,
    payload: RecordReceipt,
    about: "The bridge's receipt: everything up to this number is stored.",
  },
} as const satisfies Record<string, TopicRule>;

export type TopicName = keyof typeof TOPICS;
export type Payload<N extends TopicName> = z.infer<(typeof TOPICS)[N]['payload']>;
export type AgentTopic = { [N in TopicName]: (typeof TOPICS)[N]['from'] extends 'agent' ? N : never }[TopicName];

export type Decoded<T> = { ok: true; value: T } | { ok: false; problem: string };

const isTopicName = (name: string): name is TopicName => Object.hasOwn(TOPICS, name);

/** `feeder/{feederId}/{name}`. */
export const buildTopic = (feederId: string, name: TopicName): string => `feeder/${feederId}/${name}`;

/** The feeder and topic name in an MQTT topic; undefined for any topic that is not in the table. */
export function parseTopic(topic: string): { feederId: string; name: TopicName } | undefined {
  const [root, feederId = '', ...rest] = topic.split('/');
  const name = rest.join('/');
  if (root !== 'feeder' || !FeederId.safeParse(feederId).success || !isTopicName(name)) return undefined;
  return { feederId, name };
}

/** A payload as it goes on the wire on that topic: UTF-8 JSON. */
export const encode = <N extends TopicName>(_name: N, payload: Payload<N>): string => JSON.stringify(payload);

const on = <N extends TopicName, P extends z.ZodType>(topic: N, { payload }: { payload: P }) =>
  z.object({ feederId: FeederId, topic: z.literal(topic), payload });

const Message = z.discriminatedUnion('topic', [
  on('heartbeat', TOPICS.heartbeat),
  on('heartbeat/reply', TOPICS['heartbeat/reply']),
  on('session', TOPICS.session),
  on('presence', TOPICS.presence),
  on('profile', TOPICS.profile),
  on('config', TOPICS.config),
  on('command', TOPICS.command),
  on('ack', TOPICS.ack),
  on('state', TOPICS.state),
  on('records', TOPICS.records),
  on('records/stored', TOPICS['records/stored']),
]);

/** One decoded message: which feeder's, on which topic, and its payload. */
export type Message = z.infer<typeof Message>;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Escapes of characters that JSON allows and no database keeps: NUL and half a surrogate pair. */
const UNSTORABLE_ESCAPE = /\\u(?:0000|d[89a-f])/i;
const UNSTORABLE = /[\0\p{Cs}]/gu;

const storable = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replace(UNSTORABLE, '\ufffd') : value;

/** JSON with text that can be stored, so that no sender's odd character keeps its message from being. */
const parseJson = (text: string): unknown => JSON.parse(text, UNSTORABLE_ESCAPE.test(text) ? storable : undefined);

/** More than anyone reads; a problem quotes what the sender wrote, however long that is. */
const MAX_PROBLEM_LENGTH = 500;

/** What is wrong with a message, fit for a log line: short, and in characters that do not act on a terminal. */
const printable = (problem: string): string => problem.slice(0, MAX_PROBLEM_LENGTH).replace(/[\p{Cc}\p{Cs}]/gu, '\ufffd');

/** A message off the wire, unknown fields dropped; or what is wrong with it, fit for a log line. */
export function decode(topic: string, bytes: Uint8Array): Decoded<Message> {
  const parsedTopic = parseTopic(topic);
  if (parsedTopic === undefined) return { ok: false, problem: 'expected a topic such as feeder/pond-1/heartbeat' };
  let payload: unknown;
  try {
    payload = parseJson(utf8.decode(bytes));
  } catch {
    // What the parser says quotes the text, which may be a secret in the wrong place.
    return { ok: false, problem: 'expected UTF-8 JSON' };
  }
  const parsed = Message.safeParse({ feederId: parsedTopic.feederId, topic: parsedTopic.name, payload });
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return { ok: false, problem: printable(problems.slice(0, 5).join('; ')) };
}
