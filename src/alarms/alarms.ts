import type { Timers } from '../../machine/timers.ts';
import { purgeAlarms } from '../store/alarms.ts';
import { Evaluation, type EvaluationDeps } from './evaluation.ts';

/** How often all feeders are judged. */
const EVERY_MS = 15_000;
/** How soon what was reported is judged; what comes meanwhile is judged with it. */
const SOON_MS = 1_000;
const DAY_MS = 86_400_000;
/** How often it is looked for alarms that are too old, and how many are let go of at once: other work waits behind them. */
const PURGE_EVERY_MS = 3_600_000;
const PURGE_LIMIT = 250;

export type AlarmsDeps = EvaluationDeps & {
  timers: Timers;
  /** How many days alarms are kept once they are over. */
  retentionDays: number;
  /** Feeders were judged, and what that changed is stored. */
  onJudged: () => void;
  onProblem: (error: unknown) => void;
};

/** The alarms that no bit of a PLC tells. */
export type Alarms = {
  /** A feeder told its readings, and the directory has them. */
  heard(feederId: string): void;
  /** Records were stored, perhaps reports of a config. It costs next to nothing. */
  reported(): void;
  /** Ends the judging; resolves when none is under way. */
  stop(): Promise<void>;
};

/** Begins to judge all feeders, again and again, one judgement at a time. */
export function startAlarms({ timers, retentionDays, onJudged, onProblem, ...deps }: AlarmsDeps): Alarms {
  const evaluation = new Evaluation(deps);
  let running: Promise<void> = Promise.resolve();
  let isStopping = false;
  let callOffSoon: (() => void) | undefined;
  const judge = (work: () => Promise<void>): Promise<void> => {
    running = running.then(() => (isStopping ? undefined : work().then(onJudged, onProblem)));
    return running;
  };
  let purgeAtMs = 0;
  const purge = async (): Promise<void> => {
    const nowMs = deps.clock.now();
    if (nowMs < purgeAtMs) return;
    const purged = await purgeAlarms(deps.db, nowMs - retentionDays * DAY_MS, PURGE_LIMIT);
    if (purged < PURGE_LIMIT) purgeAtMs = nowMs + PURGE_EVERY_MS;
  };
  const goOn = (): (() => void) =>
    timers.after(EVERY_MS, () => {
      void judge(() => evaluation.run().then(purge)).then(() => {
        if (!isStopping) callOff = goOn();
      });
    });
  let callOff = goOn();
  return {
    heard: (feederId) => evaluation.heard(feederId),
    reported: () => {
      callOffSoon ??= timers.after(SOON_MS, () => {
        callOffSoon = undefined;
        void judge(() => evaluation.runReported());
      });
    },
    stop: async () => {
      isStopping = true;
      callOff();
      callOffSoon?.();
      await running;
    },
  };
}
