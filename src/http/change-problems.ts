import { feedNowPending } from '../commands/change.ts';
import { commandPath, Problem } from '../errors.ts';
import type { Ending, StoredCommand } from '../store/commands.ts';
import { COMMAND } from './examples.ts';
import { leaseStoreUnavailable, storeProblems } from './problem-answers.ts';
import { noSuchFeeder } from './request-context.ts';

type Told = Pick<StoredCommand, 'commandId' | 'ending'>;

/** What a command that was not applied is answered with; undefined for one that was. */
export function problemOf(command: Told): Problem | undefined {
  const { commandId, ending } = command;
  if (ending === null) {
    const detail = 'It was sent, but its outcome is not known yet. Follow the command at Location; do not repeat it.';
    return new Problem('command-unresolved', detail, { commandId, headers: { Location: commandPath(commandId) } });
  }
  const { state, reason, readBack, previous } = ending;
  const extras = { commandId, members: { reason, readBack, previous } };
  switch (state) {
    case 'applied':
      return undefined;
    case 'rejected':
      if (reason?.code === 'stale-version') {
        const detail = 'The PLC no longer holds the values of that ETag. Read the config again and repeat the change.';
        return new Problem('version-mismatch', detail, extras);
      }
      return new Problem('command-rejected', `${reason?.code ?? 'rejected'}: ${reason?.message ?? 'the agent gave no reason'}`, extras);
    case 'expired':
      return new Problem('command-expired', 'It came too late and was surely not acted on. Repeat it if it is still wanted.', extras);
    case 'superseded':
      return new Problem('command-superseded', 'A newer change was applied before it, so it was dropped.', extras);
    case 'refused':
      return new Problem('store-unavailable', 'It was not sent. Try again in a moment.', { commandId, headers: { 'Retry-After': '2' } });
    case 'indeterminate':
      return new Problem('command-indeterminate', 'It may have acted once and never will again. Look at the feeder before you repeat it.', extras);
  }
}

const { commandId } = COMMAND;
const reasons = {
  rejected: { code: 'plc-exception', message: 'illegal data value', parameter: 'mealGrams', exceptionCode: 3 },
  'stale-version': { code: 'stale-version', message: 'mealGrams is 90 by now' },
  expired: { code: 'expired', message: 'it came after its deadline' },
  superseded: { code: 'superseded', message: 'version 8 is applied already' },
};

function told(state: Ending['state'], reason: Ending['reason']): Problem[] {
  const previous = COMMAND.previous;
  const problem = problemOf({ commandId, ending: { state, endedAtMs: 0, readAtMs: 0, readBack: previous, previous, reason } });
  return problem ? [problem] : [];
}

const unresolved = problemOf({ commandId, ending: null });

/** What every change may be answered with, besides what is wrong with its body. */
export const changeProblems = (): Problem[] => [
  noSuchFeeder(),
  new Problem('malformed', 'If-Match: expected an ETag with its quotes, such as "7".'),
  new Problem('idempotency-mismatch', 'Use a new Idempotency-Key for a different request.', { commandId }),
  new Problem('feeder-offline', 'Its agent has no live link to the bridge. Try again when the feeder is online.'),
  new Problem('plc-unreachable', 'Its agent is online but gets no answer from the PLC. Check the PLC and its cable, then try again.'),
  ...told('rejected', reasons['stale-version']),
  ...told('rejected', reasons.rejected),
  ...told('expired', reasons.expired),
  ...told('superseded', reasons.superseded),
  ...told('indeterminate', null),
  ...(unresolved ? [unresolved] : []),
  ...storeProblems(),
  leaseStoreUnavailable(),
  new Problem('bridge-stopping', 'Nothing was sent. Try again in a moment.', { headers: { 'Retry-After': '2' } }),
];

/** What is said of config values that are not taken. */
export const valueProblems = (): Problem[] => {
  const invalid = { pointer: '/mealGrams', code: 'invalid-config', detail: 'mealGrams takes a number in g' };
  const unsupported = { pointer: '/lightHours', code: 'unsupported-parameter', detail: 'this feeder has no lightHours; its profile names what it takes' };
  const outOfRange = { pointer: '/mealGrams', code: 'out-of-range', detail: 'mealGrams takes 0 to 5000 g' };
  return [
    new Problem('invalid-config', `Nothing was sent. /mealGrams: ${invalid.detail}.`, { errors: [invalid] }),
    new Problem('unsupported-parameter', `Nothing was sent. /lightHours: ${unsupported.detail}.`, { errors: [unsupported] }),
    new Problem('out-of-range', `Nothing was sent. /mealGrams: ${outOfRange.detail}.`, { errors: [outOfRange] }),
  ];
};

/** What is said of commands that are not taken, or not yet. */
export const commandProblems = (): Problem[] => {
  const invalid = { pointer: '/grams', code: 'invalid-config', detail: 'grams takes a number above 0' };
  const outOfRange = { ...invalid, code: 'out-of-range' };
  return [
    keyNeeded(),
    feedNowPending(commandId),
    new Problem('invalid-config', `Nothing was sent. /grams: ${invalid.detail}.`, { errors: [invalid] }),
    new Problem('out-of-range', `Nothing was sent. /grams: ${outOfRange.detail}.`, { errors: [outOfRange] }),
    new Problem('unsupported-command', 'This feeder has no feed-now; its profile names what it takes.'),
  ];
};

/** A dose that might be asked for twice must be known for the same one. */
export const keyNeeded = (): Problem =>
  new Problem('malformed', 'Idempotency-Key: expected one with feed-now, so that it can be repeated and feeds only once.');
