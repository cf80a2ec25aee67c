import { POINTS, type Point } from '../../machine/points.ts';
import type { Chance } from '../simulation/chance.ts';

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
      /** The agent, where it is among them, comes back with an empty disk. */
      wipesDisk: boolean;
    }
  | { kind: 'suspend'; victim: 'bridge' | 'agent'; forMs: number };

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
const WIPES = 0.15;
const LONGEST_DOWN_MS = 600;
/** Beyond the lease and the deadline of every command. */
const SUSPENDED_MS = [3_300, 5_000] as const;

/**
 * Every victim at every point in an order of chance, and between them other blows, round after round without an end. The
 * crucial ones come first, each once, and then every third time, one after the other.
 */
export function* plannedBlows(chance: Chance): Generator<Blow, never> {
  const crucial = crucialBlows(chance);
  yield* CRUCIAL.map(() => crucial.next().value);
  for (;;) {
    const matrix = VICTIMS.flatMap((victim) => POINTS.map((at) => kill(victim, at, chance)));
    const others = [
      ...VICTIMS.flatMap((victim) => [kill(victim, 'any moment', chance), kill(victim, 'any moment', chance)]),
      ...(['bridge', 'agent'] as const).map((victim): Blow => ({ kind: 'suspend', victim, forMs: chance.between(...SUSPENDED_MS) })),
    ];
    for (const [index, blow] of shuffled([...matrix, ...others], chance).entries()) {
      yield blow;
      if (index % OTHERS_FOR_ONE === OTHERS_FOR_ONE - 1) yield crucial.next().value;
    }
  }
}

/** All crucial ones in an order of chance, again and again. */
function* crucialBlows(chance: Chance): Generator<Blow, never> {
  for (;;) {
    for (const [victim, at] of shuffled(CRUCIAL, chance)) yield kill(victim, at, chance);
  }
}

function kill(victim: Victim, at: Point | 'any moment', chance: Chance): Blow {
  const other = chance.pick(VICTIMS);
  const isPair = chance.hits(PAIRS) && other !== victim;
  return {
    kind: 'kill',
    victims: isPair ? [victim, other] : [victim],
    at,
    delayMs: at === 'any moment' ? chance.between(0, 500) : chance.hits(0.6) ? 0 : chance.between(0, 30),
    downMs: chance.between(0, LONGEST_DOWN_MS),
    wipesDisk: chance.hits(WIPES),
  };
}

const shuffled = <T>(list: readonly T[], chance: Chance): T[] =>
  list
    .map((item) => ({ item, place: chance.draw() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
