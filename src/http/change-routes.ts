import type { Request, Response } from 'express';
import { z } from 'zod';
import { Changes } from '../../topics/commands.ts';
import type { BridgeClock } from '../clock.ts';
import type { ChangeFeeder, ChangeRequest } from '../commands/change.ts';
import { changeProblems, locationOf, problemOf, unsupportedCommand, valueProblems } from './change-problems.ts';
import { COMMAND, SENT_COMMAND } from './examples.ts';
import { bodyProblems, bodySha256, parseBody } from './json-body.ts';
import { bodyLike, type Operation } from './operation.ts';
import { arrivalOf, callerOf, feederOf } from './request-context.ts';
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
  tag: 'Config',
  summary: "Change a feeder's config",
  description:
    'Answered when the PLC holds it: the agent wrote the registers and read them back. Parameters that are not named stay as they are.',
  headers: ChangeHeaders,
  body: { ...bodyLike(Changes, { mealGrams: 120, intervalSeconds: 5400 }), contentTypes: PATCH_TYPES },
  answers: ANSWERS,
  problems: [...bodyProblems(PATCH_TYPES), ...changeProblems(), ...valueProblems()],
  // What the values may be only the feeder's profile can say.
  handle: (request, response) => change(deps, request, response, { kind: 'patch', body: request.body }),
});

const CommandBody = z
  .object({
    // Any kind is read, and answered as a command that is not taken; shown are those that are.
    kind: z.string({ error: 'expected a kind such as "pause"' }).meta({ enum: ['pause', 'resume'] }),
  })
  .register(taken, { id: 'CommandRequest', description: 'What the feeder is to do.' });

export const postCommand = (deps: ChangeRouteDeps): Operation => ({
  operationId: 'sendCommand',
  tag: 'Commands',
  summary: 'Pause or resume feeding',
  description: 'A change of `feedingEnabled`, answered when the PLC holds it.',
  headers: ChangeHeaders,
  body: { ...bodyLike(CommandBody, { kind: 'pause' }), contentTypes: ['application/json'] },
  answers: ANSWERS,
  problems: [...bodyProblems(['application/json']), ...changeProblems(), unsupportedCommand()],
  handle: (request, response) => {
    const { kind } = parseBody(CommandBody, request.body);
    return change(deps, request, response, wantedBy(kind));
  },
});

function wantedBy(kind: string): ChangeRequest['wanted'] {
  return kind === 'pause' || kind === 'resume' ? { kind } : { kind: 'unknown', name: kind.slice(0, 64) };
}

async function change(
  { changeFeeder, clock }: ChangeRouteDeps,
  request: Request,
  response: Response,
  wanted: ChangeRequest['wanted'],
): Promise<void> {
  const caller = callerOf(response);
  const { 'If-Match': ifMatch, 'Idempotency-Key': key, Prefer: prefer, traceparent } = parseHeaders(ChangeHeaders, request);
  const path = request.baseUrl + request.path;
  const command = await changeFeeder.run({
    feeder: feederOf(response),
    issuedBy: caller.name,
    ...arrivalOf(response),
    traceparent: traceparent ?? null,
    wanted,
    ifMatch,
    idempotency: key === undefined ? undefined : { apiKey: caller.name, method: request.method, path, key, bodySha256: bodySha256(request) },
    waitMs: prefer?.waitMs ?? (prefer?.respondAsync ? 0 : undefined),
  });
  const nowMs = clock.now();
  if (command.ending === null && prefer?.respondAsync) {
    response.set('Preference-Applied', 'respond-async');
    response.status(202).set('Location', locationOf(command)).json(commandShape(command, nowMs));
    return;
  }
  const problem = problemOf(command);
  if (problem) throw problem;
  if (command.version !== null) response.set('ETag', `"${command.version}"`);
  response.status(200).json(commandShape(command, nowMs));
}
