import type { Request, Response } from 'express';
import { z } from 'zod';
import { Changes } from '../../topics/commands.ts';
import type { BridgeClock } from '../clock.ts';
import type { ChangeFeeder } from '../commands/change.ts';
import type { Wanted } from '../commands/orders.ts';
import { commandPath } from '../errors.ts';
import { changeProblems, commandProblems, keyNeeded, problemOf, valueProblems } from './change-problems.ts';
import { COMMAND, DOSE, SENT_COMMAND } from './examples.ts';
import { bodyProblems, bodySha256, parseBody } from './json-body.ts';
import { bodyLike, type Operation } from './operation.ts';
import { arrivalOf, authorOf, callerOf, feederOf } from './request-context.ts';
import { ChangeHeaders } from './request-headers.ts';
import { parseHeaders } from './request-parameters.ts';
import { CommandShape, commandShape } from './shapes.ts';
import { taken } from './taken-bodies.ts';

export type ChangeRouteDeps = { changeFeeder: ChangeFeeder; clock: BridgeClock };

const ANSWERS: Operation['answers'] = {
  200: { description: 'The PLC holds it: the command, with what was read back.', body: bodyLike(CommandShape, COMMAND), headers: ['ETag'] },
  202: {
    description: 'It was sent, as `Prefer: respond-async` asks. Its outcome will be found at Location.',
    body: bodyLike(CommandShape, SENT_COMMAND),
    headers: ['Location', 'Preference-Applied'],
  },
};

Changes.register(taken, {
  id: 'ConfigChanges',
  description: 'New values of some parameters (a merge patch). The profile says what the feeder takes.',
  minProperties: 1,
});
const PATCH_TYPES = ['application/json', 'application/merge-patch+json'];

export const patchConfig = (deps: ChangeRouteDeps): Operation => ({
  operationId: 'changeConfig',
  role: 'operator',
  tag: 'Config',
  summary: "Change a feeder's config",
  description:
    'Answered when the PLC holds it: the agent wrote the registers and read them back. Parameters that are not named stay as they are.',
  headers: ChangeHeaders,
  body: { ...bodyLike(Changes, { mealGrams: 120, intervalSeconds: 5400 }), contentTypes: PATCH_TYPES },
  answers: ANSWERS,
  problems: [...bodyProblems(PATCH_TYPES), ...changeProblems(), ...valueProblems()],
  // What the values may be only the feeder's profile can say.
  handle: (request, response) => change(deps, request, response, { action: 'changeConfig', wanted: { kind: 'patch', body: request.body } }),
});

/** A command as it is read: any kind, and whatever stands for grams, is answered as one that the feeder does not take. */
const CommandBody = z.object({ kind: z.string({ error: 'expected a kind such as "pause"' }), grams: z.unknown().optional() });

/** The commands as they are shown. */
const CommandRequest = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.enum(['pause', 'resume']) }).meta({ title: 'Pause or resume', description: 'A change of `feedingEnabled`.' }),
    z
      .object({ kind: z.literal('feed-now'), grams: z.number().positive().meta({ description: 'How much to feed.' }) })
      .meta({ title: 'Feed now', description: 'One dose, now.' }),
    z.object({ kind: z.literal('clear-alarms') }).meta({ title: 'Clear alarms', description: 'Clears the alarms that the PLC holds.' }),
  ])
  .register(taken, { id: 'CommandRequest', description: 'What the feeder is to do.' });

export const postCommand = (deps: ChangeRouteDeps): Operation => ({
  operationId: 'sendCommand',
  role: 'operator',
  tag: 'Commands',
  summary: 'Pause, resume, feed now or clear alarms',
  description: [
    'Answered when it is done: the agent told its outcome, and that is stored. `pause` and `resume` are changes of `feedingEnabled`.',
    '`feed-now` needs an `Idempotency-Key`, feeds at most once, and waits for its turn: while an earlier one has no outcome, it is',
    "409 `command-pending`, which names that one. The feeder's profile names the kinds it takes.",
  ].join(' '),
  headers: ChangeHeaders,
  body: { ...bodyLike(CommandRequest, { kind: 'feed-now', grams: 50 }), contentTypes: ['application/json'] },
  answers: {
    ...ANSWERS,
    200: { description: 'It is done: the command, with what was read back.', body: bodyLike(CommandShape, DOSE), otherHeaders: ['ETag'] },
  },
  problems: [...bodyProblems(['application/json']), ...changeProblems(), ...commandProblems()],
  handle: (request, response) => change(deps, request, response, { action: 'sendCommand', wanted: wantedBy(parseBody(CommandBody, request.body)) }),
});

function wantedBy({ kind, grams }: z.output<typeof CommandBody>): Wanted {
  switch (kind) {
    case 'pause':
    case 'resume':
    case 'clear-alarms':
      return { kind };
    case 'feed-now':
      return { kind, grams };
    default:
      return { kind: 'unknown', name: kind.slice(0, 64) };
  }
}

async function change(
  { changeFeeder, clock }: ChangeRouteDeps,
  request: Request,
  response: Response,
  { action, wanted }: { action: string; wanted: Wanted },
): Promise<void> {
  const caller = callerOf(response);
  const { requestId, receivedMs } = arrivalOf(response);
  const { 'If-Match': ifMatch, 'Idempotency-Key': key, Prefer: prefer, traceparent } = parseHeaders(ChangeHeaders, request);
  if (wanted.kind === 'feed-now' && key === undefined) throw keyNeeded();
  const path = request.baseUrl + request.path;
  const command = await changeFeeder.run({
    feeder: feederOf(response),
    author: { ...authorOf(response), name: caller.name, requestId },
    action,
    receivedMs,
    traceparent: traceparent ?? null,
    wanted,
    ifMatch,
    idempotency: key === undefined ? undefined : { apiKey: caller.callerId, method: request.method, path, key, bodySha256: bodySha256(request) },
    waitMs: prefer?.waitMs ?? (prefer?.respondAsync ? 0 : undefined),
  });
  const nowMs = clock.now();
  if (command.ending === null && prefer?.respondAsync) {
    response.set('Preference-Applied', 'respond-async');
    response.status(202).set('Location', commandPath(command.commandId)).json(commandShape(command, nowMs));
    return;
  }
  const problem = problemOf(command);
  if (problem) throw problem;
  if (command.version !== null) response.set('ETag', `"${command.version}"`);
  response.status(200).json(commandShape(command, nowMs));
}
