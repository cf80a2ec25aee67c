import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { BridgeClock } from '../clock.ts';
import type { ChangeFeeder, ChangeRequest } from '../commands/change.ts';
import { Problem } from '../errors.ts';
import type { StoredCommand } from '../store/commands.ts';
import { callerOf, feederOf } from './request-context.ts';
import { bodySha256, parseBody } from './json-body.ts';
import { parseIdempotencyKey, parseIfMatch, parsePrefer } from './request-headers.ts';
import { commandShape } from './shapes.ts';

export type ChangeRouteDeps = { changeFeeder: ChangeFeeder; clock: BridgeClock };

/** `PATCH /feeders/{id}/config`: a merge patch of config values, answered when the PLC holds them. */
export const patchConfig =
  (deps: ChangeRouteDeps): RequestHandler =>
  async (request, response) => {
    await change(deps, request, response, { kind: 'patch', body: request.body });
  };

const CommandBody = z.object({ kind: z.string({ error: 'expected a kind such as "pause"' }) });

/** `POST /feeders/{id}/commands`: pause or resume, answered likewise. */
export const postCommand =
  (deps: ChangeRouteDeps): RequestHandler =>
  async (request, response) => {
    const { kind } = parseBody(CommandBody, request.body);
    await change(deps, request, response, wantedBy(kind));
  };

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
  const prefer = parsePrefer(request.get('Prefer'));
  const key = parseIdempotencyKey(request.get('Idempotency-Key'));
  const path = request.baseUrl + request.path;
  const waitMs = prefer.waitMs ?? (prefer.respondAsync ? 0 : undefined);
  const command = await changeFeeder.run({
    feeder: feederOf(response),
    issuedBy: caller.name,
    wanted,
    ifMatch: parseIfMatch(request.get('If-Match')),
    idempotency: key === undefined ? undefined : { apiKey: caller.name, method: request.method, path, key, bodySha256: bodySha256(request) },
    waitMs,
  });
  const nowMs = clock.now();
  if (command.ending === null && prefer.respondAsync) {
    response.set('Preference-Applied', 'respond-async');
    response.status(202).set('Location', locationOf(command)).json(commandShape(command, nowMs));
    return;
  }
  const problem = problemOf(command);
  if (problem) throw problem;
  if (command.version !== null) response.set('ETag', `"${command.version}"`);
  response.status(200).json(commandShape(command, nowMs));
}

const locationOf = ({ commandId }: StoredCommand): string => `/api/v1/commands/${commandId}`;

/** What a command that was not applied is answered with. */
function problemOf(command: StoredCommand): Problem | undefined {
  const { commandId, ending } = command;
  if (ending === null) {
    const detail = 'The change was sent, but its outcome is not known yet. Follow the command at Location; do not repeat the change.';
    return new Problem('command-unresolved', detail, { commandId, headers: { Location: locationOf(command) } });
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
      return new Problem('command-expired', 'The change came too late and was surely not acted on. Repeat it if it is still wanted.', extras);
    case 'superseded':
      return new Problem('command-superseded', 'A newer change was applied before this one, which was dropped.', extras);
    case 'refused':
      return new Problem('store-unavailable', 'It was not sent. Try again in a moment.', { commandId });
    case 'indeterminate':
      return new Problem('command-indeterminate', 'It may have acted once and never will again. Look at the feeder before you repeat it.', extras);
  }
}
