import { figuresOf, type Figures } from './figures.ts';
import { runChanges, type Target } from './load.ts';
import { Looker } from './looker.ts';
import { enrol, untilOnline } from './rest.ts';
import { startConnectedAgents, type Bench, type RealBridge } from './systems.ts';

/** Changes beside a stream of readings, without and with a subscriber that does not read them. */
export type FrozenReaderFigures = { statesPerSecond: number; inFlight: number; without: Figures; frozen: Figures; failures: string[] };

const PUBLISHERS = 50;
const STATE_EVERY_MS = 50;
const IN_FLIGHT = 4;
const WARM_UP_SECONDS = 2;

/** Whether a subscriber to `#` that stopped reading keeps changes from coming through. */
export async function freezeReader(bench: Bench, bridge: RealBridge, target: Target, seconds: number): Promise<FrozenReaderFigures> {
  const feeders = await enrol(bridge, 'noisy', PUBLISHERS);
  const publishers = await startConnectedAgents(bench, bridge, feeders, STATE_EVERY_MS);
  await untilOnline(bridge, target.feederIds.length + PUBLISHERS);
  const run = (forSeconds: number) => runChanges(target, { inFlight: IN_FLIGHT, seconds: forSeconds });
  const warmUp = await run(WARM_UP_SECONDS);
  const without = await run(seconds);
  const looker = await Looker.connect(bridge);
  looker.freeze();
  const frozen = await run(seconds);
  looker.disconnect();
  await publishers.stop();
  return {
    statesPerSecond: (PUBLISHERS * 1000) / STATE_EVERY_MS,
    inFlight: IN_FLIGHT,
    without: figuresOf(without.latenciesMs, without.elapsedMs),
    frozen: figuresOf(frozen.latenciesMs, frozen.elapsedMs),
    failures: [warmUp, without, frozen].flatMap(({ failures }) => failures),
  };
}
