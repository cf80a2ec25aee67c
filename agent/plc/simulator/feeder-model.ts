import type { StandardConfig } from '../../../topics/parameters.ts';

/** The settings the feeder goes by as the factory left them. */
export const DEFAULT_SETTINGS: StandardConfig = {
  mealGrams: 100,
  intervalSeconds: 3600,
  dailyLimitGrams: 2000,
  windowStartMinute: 360,
  windowEndMinute: 1200,
  spreaderPercent: 60,
  doseRateGramsPerSecond: 20,
  feedingEnabled: true,
  oxygenStopMgPerLitre: 5,
  temperatureStopCelsius: 24,
};

/** A dose that was started, as its token and grams stood in the registers. */
export type TakenDose = { token: number; grams: number };

/** The motor at work: what is still to come, what is out, and how many meals that makes. */
type Feeding = { leftGrams: number; doneGrams: number; meals: number };

export type FeederState = {
  secondOfDay: number;
  sinceMealSeconds: number;
  feeding: Feeding | undefined;
  hopperGrams: number;
  waterTemperatureCelsius: number;
  dissolvedOxygenMgPerLitre: number;
  dispensedTodayGrams: number;
  mealsToday: number;
  motorJam: boolean;
  /** Counted when a meal has ended, both at once; these and the dose numbers survive a power cut. */
  mealCount: number;
  totalGrams: number;
  lastToken: number;
  refused: number;
  /** The doses taken, oldest first; the last 10,000. */
  doses: readonly TakenDose[];
  isFirstScan: boolean;
};

/** What stands in the PLC's registers when a scan begins. */
export type ScanInputs = {
  settings: StandardConfig;
  clearAlarms: boolean;
  dose: { token: number; grams: number; canRefuse: boolean } | undefined;
};

const SECONDS_PER_DAY = 86_400;
const MOST_DOSES_KEPT = 10_000;
const HOPPER_LOW_GRAMS = 2000;
const LONGEST_STEP_SECONDS = 1;
const MOTOR_AMPS = 1.8;
const JAMMED_MOTOR_AMPS = 9.5;
/** How fast the water follows the weather. */
const DRIFT_SECONDS = 7200;

/** A feeder just installed, its hopper full. */
export const newFeeder = (secondOfDay: number): FeederState => ({
  secondOfDay,
  sinceMealSeconds: 0,
  feeding: undefined,
  hopperGrams: 25_000,
  waterTemperatureCelsius: 14,
  dissolvedOxygenMgPerLitre: 9.2,
  dispensedTodayGrams: 0,
  mealsToday: 0,
  motorJam: false,
  mealCount: 0,
  totalGrams: 0,
  lastToken: 0,
  refused: 0,
  doses: [],
  isFirstScan: true,
});

/** One scan of the PLC, `elapsedSeconds` after the last: dose handshake first, then schedule, motor and water. */
export function step(state: FeederState, inputs: ScanInputs, elapsedSeconds: number): FeederState {
  let next = takeToken(inputs.clearAlarms ? { ...state, motorJam: false } : state, inputs);
  for (let left = elapsedSeconds; left > 0; left -= LONGEST_STEP_SECONDS) {
    next = advance(next, inputs.settings, Math.min(left, LONGEST_STEP_SECONDS));
  }
  return next;
}

/** After a power cut: a meal cut short is counted as far as it went. */
export const powerCycled = (state: FeederState): FeederState => ({ ...endMeal(state), isFirstScan: true });

/** A meal of `grams` on top of what is being fed. */
export const startMeal = (state: FeederState, grams: number): FeederState => {
  const { leftGrams = 0, doneGrams = 0, meals = 0 } = state.feeding ?? {};
  return { ...state, feeding: { leftGrams: leftGrams + grams, doneGrams, meals: meals + 1 } };
};

/** What follows from the rest and is shown beside it. */
export const shownBy = ({ feeding, motorJam, hopperGrams }: FeederState) => ({
  feeding: feeding !== undefined && !motorJam,
  motorCurrentAmps: feeding === undefined ? 0 : motorJam ? JAMMED_MOTOR_AMPS : MOTOR_AMPS,
  hopperLow: hopperGrams < HOPPER_LOW_GRAMS,
});

function takeToken(state: FeederState, { dose }: ScanInputs): FeederState {
  const scanned = { ...state, isFirstScan: false };
  if (!dose) return scanned;
  const ahead = (dose.token - state.lastToken + 0x10000) % 0x10000;
  if (ahead < 1 || ahead > 0x7fff) return scanned;
  const taken = { ...scanned, lastToken: dose.token };
  const cannot = state.motorJam || dose.grams <= 0 || state.hopperGrams < dose.grams;
  // A refusal that is not counted would look like a dose.
  if (dose.canRefuse && (state.isFirstScan || cannot)) return { ...taken, refused: state.refused + 1 };
  const doses = [...state.doses, { token: dose.token, grams: dose.grams }].slice(-MOST_DOSES_KEPT);
  return { ...startMeal(taken, dose.grams), doses };
}

function advance(state: FeederState, settings: StandardConfig, seconds: number): FeederState {
  const secondOfDay = (state.secondOfDay + seconds) % SECONDS_PER_DAY;
  const isNewDay = secondOfDay < state.secondOfDay;
  const timed = {
    ...state,
    ...waterAfter(state, seconds),
    secondOfDay,
    sinceMealSeconds: state.sinceMealSeconds + seconds,
    ...(isNewDay && { dispensedTodayGrams: 0, mealsToday: 0 }),
  };
  const due = isMealDue(timed, settings) ? { ...startMeal(timed, settings.mealGrams), sinceMealSeconds: 0 } : timed;
  return runMotor(due, settings.doseRateGramsPerSecond * seconds);
}

function isMealDue(state: FeederState, settings: StandardConfig): boolean {
  const minute = state.secondOfDay / 60;
  const { windowStartMinute: start, windowEndMinute: end } = settings;
  // A window that ends before it starts goes over midnight; one of no length is the whole day.
  const isInWindow = start < end ? minute >= start && minute < end : start === end || minute >= start || minute < end;
  return (
    settings.feedingEnabled &&
    isInWindow &&
    settings.mealGrams > 0 &&
    state.sinceMealSeconds >= settings.intervalSeconds &&
    state.dispensedTodayGrams + settings.mealGrams <= settings.dailyLimitGrams &&
    state.dissolvedOxygenMgPerLitre >= settings.oxygenStopMgPerLitre &&
    state.waterTemperatureCelsius <= settings.temperatureStopCelsius &&
    state.feeding === undefined
  );
}

function runMotor(state: FeederState, mostGrams: number): FeederState {
  if (!state.feeding || state.motorJam) return state;
  const { leftGrams, doneGrams, meals } = state.feeding;
  const grams = Math.min(mostGrams, leftGrams, state.hopperGrams);
  const fed = {
    ...state,
    hopperGrams: state.hopperGrams - grams,
    feeding: { leftGrams: leftGrams - grams, doneGrams: doneGrams + grams, meals },
  };
  return fed.feeding.leftGrams <= 0 || fed.hopperGrams <= 0 ? endMeal(fed) : fed;
}

function endMeal(state: FeederState): FeederState {
  if (!state.feeding) return state;
  const grams = Math.round(state.feeding.doneGrams);
  return {
    ...state,
    feeding: undefined,
    mealCount: state.mealCount + state.feeding.meals,
    mealsToday: state.mealsToday + state.feeding.meals,
    totalGrams: state.totalGrams + grams,
    dispensedTodayGrams: state.dispensedTodayGrams + grams,
  };
}

/** Warmest in mid-afternoon; warm water holds less oxygen, and by night the plants use some. */
function waterAfter({ secondOfDay, waterTemperatureCelsius, dissolvedOxygenMgPerLitre }: FeederState, seconds: number) {
  const day = Math.cos((2 * Math.PI * (secondOfDay - 15 * 3600)) / SECONDS_PER_DAY);
  const share = 1 - Math.exp(-seconds / DRIFT_SECONDS);
  const towards = (now: number, target: number) => now + (target - now) * share;
  return {
    waterTemperatureCelsius: towards(waterTemperatureCelsius, 14 + 2 * day),
    dissolvedOxygenMgPerLitre: towards(dissolvedOxygenMgPerLitre, 9 + 0.6 * day - 0.2 * (waterTemperatureCelsius - 14)),
  };
}
