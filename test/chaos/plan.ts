import { POINTS, type Point } from '../../machine/points.ts';
import type { Chance } from '../../machine/chance.ts';
import type { DiskFate, FullFor } from './agent-disk.ts';

export const VICTIMS = ['bridge', 'agent', 'postgres', 'redis', 'plc'] as const;
export type Victim = (typeof VICTIMS)[number];

/** What is done to the system next. */
export type Blow =
  | {
      kind: 'kill';
      victims: readonly [Victim, ...Victim[]];
      /** When a command next comes to this point, or so long after it. */
      at: Point | 'any moment';
      delayMs: number;
      /** How long each stays down. */
      downMs: number;
      /** What becomes of the agent's disk meanwhile, where it is among them. */
      disk: DiskFate;
    }
  | Mishap;
/** What is no one's death, and passes. */
export type Mishap =
  | { kind: 'suspend'; victim: Exclude<Victim, 'plc'>; forMs: number }
  /** Stopped in good order, and started again. */
  | { kind: 'stop'; victim: 'postgres' | 'redis'; forMs: number }
  /** An agent's link to the bridge: cut, or silent with both ends up. */
  | { kind: 'cut' | 'half-open'; forMs: number }
  /** An agent's disk. */
  | { kind: 'fill'; fullFor: FullFor; forMs: number }
  /** A PLC's motor, until a client clears the alarm. */
  | { kind: 'jam' };

/** Where most is at stake: a kill that falls between the journal and the PLC. */
export const CRUCIAL: readonly (readonly [Victim, Point])[] = [
  ['agent', 'started'],
  ['agent', 'writing'],
  ['agent', 'written'],
  ['agent', 'finished'],
  ['agent', 'acked'],
  ['plc', 'writing'],
  ['plc', 'written'],
];
/** How many others there are for one of those. */
const OTHERS_FOR_ONE = 2;
const PAIRS = 0.12;
const DISK_FATES: readonly { fate: DiskFate; weight: number }[] = [
  { fate: 'kept', weight: 75 },
  { fate: 'wiped', weight: 10 },
  { fate: 'spool wiped', weight: 7 },
  { fate: 'spool put back', weight: 8 },
];
const LONGEST_DOWN_MS = 600;
/** Beyond the lease and the deadline of every command. */
const SUSPENDED_MS = [3_300, 5_000] as const;
/** Within what clients wait for, and beyond it. */
const AWAY_MS = [600, 3_000] as const;

/**
 * Every victim at every point in an order of chance, and between them other blows, round after round without an end. The
 * crucial ones come first, each once, and then every third time, one after the other; after the first of them comes all
 * else that can happen, each once.
 */
export function* plannedBlows(chance: Chance): Generator<Blow, never> {
  const crucial = crucialBlows(chance);
  yield* CRUCIAL.map(() => crucial.next().value);
  yield* shuffled([...mishaps(chance), ...DISK_FATES.map(({ fate }) => killOfDisk(fate, chance))], chance);
  for (;;) {
    const matrix = VICTIMS.flatMap((victim) => POINTS.map((at) => kill(victim, at, chance)));
    const others = [
      ...VICTIMS.flatMap((victim) => [kill(victim, 'any moment', chance), kill(victim, 'any moment', chance)]),
      ...mishaps(chance),
    ];
    for (const [index, blow] of shuffled([...matrix, ...others], chance).entries()) {
      yield blow;
      if (index % OTHERS_FOR_ONE === OTHERS_FOR_ONE - 1) yield crucial.next().value;
    }
  }
}

/** Each once. */
function mishaps(chance: Chance): Mishap[] {
  const away = (): { forMs: number } => ({ forMs: chance.between(...AWAY_MS) });
  return [
    ...(['bridge', 'agent'] as const).map((victim): Mishap => ({ kind: 'suspend', victim, forMs: chance.between(...SUSPENDED_MS) })),
    ...(['postgres', 'redis'] as const).flatMap((victim): Mishap[] => [
      { kind: 'suspend', victim, ...away() },
      { kind: 'stop', victim, ...away() },
    ]),
    { kind: 'cut', ...away() },
    { kind: 'half-open', ...away() },
    { kind: 'fill', fullFor: 'for the spool', ...away() },
    { kind: 'fill', fullFor: 'at all', ...away() },
    { kind: 'jam' },
  ];
}

const killOfDisk = (disk: DiskFate, chance: Chance): Blow => ({ ...kill('agent', 'any moment', chance), victims: ['agent'], disk });

/** All crucial ones in an order of chance, again and again. */
function* crucialBlows(chance: Chance): Generator<Blow, never> {
  for (;;) {
    for (const [victim, at] of shuffled(CRUCIAL, chance)) yield kill(victim, at, chance);
  }
}

function kill(victim: Victim, at: Point | 'any moment', chance: Chance): Blow & { kind: 'kill' } {
  const other = chance.pick(VICTIMS);
  const isPair = chance.hits(PAIRS) && other !== victim;
  return {
    kind: 'kill',
    victims: isPair ? [victim, other] : [victim],
    at,
    delayMs: at === 'any moment' ? chance.between(0, 500) : chance.hits(0.6) ? 0 : chance.between(0, 30),
    downMs: chance.between(0, LONGEST_DOWN_MS),
    disk: chance.weighted(DISK_FATES).fate,
  };
}

const shuffled = <T>(list: readonly T[], chance: Chance): T[] =>
  list
    .map((item) => ({ item, place: chance.draw() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
