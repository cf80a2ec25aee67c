import { figuresOf, type Figures } from './figures.ts';
import { runChanges, type Load, type Target } from './load.ts';
import { readStages, stageMeans, type StageMeans } from './stages.ts';

/** The bridge and the floor under the same load. */
export type Comparison = {
  inFlight: number;
  floor: Figures;
  bridge: Figures;
  /** p50 of the bridge in terms of the floor's: of all rounds together, and of each. */
  p50Ratio: number;
  p50RatioByRound: number[];
  /** Changes per second likewise. */
  rateRatio: number;
  rateRatioByRound: number[];
  /** What the bridge's time went into. */
  stages: StageMeans;
  failures: string[];
};

const ROUNDS = 5;
/** What either side has done before it is measured: compiling goes on for long. */
const WARM_UP_CHANGES = 5_000;
const WARM_UP_ROUND_SECONDS = 1;

/** Lets a bridge, or the floor, do its work until it does it at its usual pace; rejects where a change fails. */
export async function warmUp(target: Target, inFlight: number): Promise<void> {
  for (let done = 0; done < WARM_UP_CHANGES; ) {
    const { latenciesMs, failures } = await runChanges(target, { inFlight, seconds: WARM_UP_ROUND_SECONDS });
    done += latenciesMs.length;
    const [failure] = failures;
    if (failure !== undefined) throw new Error(`warming up: ${failure}`);
  }
}

/**
 * Verified changes with so many in flight, floor and bridge turn by turn in the same run, so that a machine that slows
 * down slows both.
 */
export async function compareChanges(floor: Target, bridge: Target, { inFlight, seconds }: { inFlight: number; seconds: number }): Promise<Comparison> {
  const floorRounds: Load[] = [];
  const bridgeRounds: Load[] = [];
  const before = await readStages(bridge);
  for (let round = 0; round < ROUNDS; round += 1) {
    floorRounds.push(await runChanges(floor, { inFlight, seconds: seconds / ROUNDS }));
    bridgeRounds.push(await runChanges(bridge, { inFlight, seconds: seconds / ROUNDS }));
  }
  const stages = stageMeans(before, await readStages(bridge));
  const floorFigures = together(floorRounds);
  const bridgeFigures = together(bridgeRounds);
  const byRound = (figure: (figures: Figures) => number): number[] =>
    bridgeRounds.flatMap((load, round) => {
      const below = floorRounds[round];
      return below ? [figure(together([load])) / figure(together([below]))] : [];
    });
  return {
    inFlight,
    floor: floorFigures,
    bridge: bridgeFigures,
    p50Ratio: bridgeFigures.p50Ms / floorFigures.p50Ms,
    p50RatioByRound: byRound(({ p50Ms }) => p50Ms),
    rateRatio: bridgeFigures.perSecond / floorFigures.perSecond,
    rateRatioByRound: byRound(({ perSecond }) => perSecond),
    stages,
    failures: [...floorRounds, ...bridgeRounds].flatMap((load) => load.failures),
  };
}

const together = (loads: readonly Load[]): Figures =>
  figuresOf(
    loads.flatMap(({ latenciesMs }) => latenciesMs),
    loads.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0),
  );
