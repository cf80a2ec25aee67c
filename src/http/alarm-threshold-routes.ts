import type { ChangeThresholds } from '../alarms/threshold-changes.ts';
import { DEFAULT_THRESHOLDS, parseThresholdChanges, ThresholdChanges, Thresholds, thresholdsOf } from '../alarms/thresholds.ts';
import { Problem } from '../errors.ts';
import { bodyProblems } from './json-body.ts';
import { bodyLike, type Operation } from './operation.ts';
import { storeProblems } from './problem-answers.ts';
import { authorOf, feederOf, noSuchFeeder } from './request-context.ts';
import { answered } from './shapes.ts';
import { taken } from './taken-bodies.ts';

export type AlarmThresholdRouteDeps = { changeThresholds: ChangeThresholds };

Thresholds.register(answered, { id: 'AlarmThresholds', description: "When the bridge's own alarms are raised for a feeder; null is off." });
ThresholdChanges.register(taken, {
  id: 'AlarmThresholdChanges',
  description: 'New values of some thresholds (a merge patch); null is off, and not the default.',
  minProperties: 1,
});
const PATCH_TYPES = ['application/json', 'application/merge-patch+json'];

/** `GET /feeders/{feederId}/alarm-thresholds` */
export const getAlarmThresholds = (): Operation => ({
  operationId: 'getAlarmThresholds',
  role: 'viewer',
  tag: 'Alarms',
  summary: "Read a feeder's alarm thresholds",
  description: "When the alarms that no bit of the PLC tells are raised. What nobody changed is the bridge's default.",
  answers: { 200: { description: 'All thresholds.', body: bodyLike(Thresholds, DEFAULT_THRESHOLDS) } },
  problems: [noSuchFeeder()],
  handle: (_request, response) => {
    response.json(thresholdsOf(feederOf(response).alarmThresholds));
  },
});

/** `PATCH /feeders/{feederId}/alarm-thresholds` */
export const patchAlarmThresholds = ({ changeThresholds }: AlarmThresholdRouteDeps): Operation => ({
  operationId: 'changeAlarmThresholds',
  role: 'operator',
  tag: 'Alarms',
  summary: "Change a feeder's alarm thresholds",
  description: 'Those that are not named stay as they are. They hold from the next judgement on, which is within seconds.',
  body: { ...bodyLike(ThresholdChanges, { hopperDaysLeft: 5, temperatureMinCelsius: null }), contentTypes: PATCH_TYPES },
  answers: {
    200: {
      description: 'All thresholds as they are now.',
      body: bodyLike(Thresholds, { ...DEFAULT_THRESHOLDS, hopperDaysLeft: 5, temperatureMinCelsius: null }),
    },
  },
  problems: [...bodyProblems(PATCH_TYPES), noSuchFeeder(), ...thresholdProblems(), ...storeProblems()],
  handle: async (request, response) => {
    const thresholds = await changeThresholds.run(feederOf(response).feederId, parseThresholdChanges(request.body), authorOf(response));
    if (thresholds === undefined) throw noSuchFeeder();
    response.json(thresholds);
  },
});

/** What is said of thresholds that are not taken. */
const thresholdProblems = (): Problem[] =>
  [{ mealsMissed: 'two' }, { lightHours: 1 }, { mealsMissed: 0 }].map((body) => {
    try {
      parseThresholdChanges(body);
    } catch (error) {
      if (error instanceof Problem) return error;
    }
    throw new Error('expected these thresholds not to be taken');
  });
