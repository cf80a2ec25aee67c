import type { Timers } from '../../machine/timers.ts';
import { Evaluation, type EvaluationDeps } from './evaluation.ts';

/** How often all feeders are judged. */
const EVERY_MS = 15_000;
/** How soon what was reported is judged; what comes meanwhile is judged with it. */
const SOON_MS = 1_000;

export type AlarmsDeps = EvaluationDeps & {
  timers: Timers;
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
export function startAlarms({ timers, onJudged, onProblem, ...deps }: AlarmsDeps): Alarms {
  const evaluation = new Evaluation(deps);
  let running: Promise<void> = Promise.resolve();
  let isStopping = false;
  let callOffSoon: (() => void) | undefined;
  const judge = (work: () => Promise<void>): Promise<void> => {
    running = running.then(() => (isStopping ? undefined : work().then(onJudged, onProblem)));
    return running;
  };
  const goOn = (): (() => void) =>
    timers.after(EVERY_MS, () => {
      void judge(() => evaluation.run()).then(() => {
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
