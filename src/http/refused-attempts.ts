import type { ErrorRequestHandler } from 'express';
import type { Refusal } from '../access/audit.ts';
import { siteList } from '../access/caller.ts';
import { problemFrom } from './problem-answers.ts';
import { attemptOf, authorOf } from './request-context.ts';

/** Answers of these say that somebody may not, whatever was asked. */
const TURNED_AWAY = ['unauthenticated', 'forbidden', 'rate-limited'];
/** These name a command that is not the one that was asked for, or one that may not be stored. */
const OF_ANOTHER = ['command-pending', 'idempotency-mismatch', 'store-unavailable'];

/**
 * Tells of every request that is answered with a problem and was a change, or came from somebody who may not do that, or was
 * about what exists and is none of theirs. Only what the bridge itself knows is told: what callers write may be a secret.
 * For before `answerProblems`.
 */
export const refusedAttempts =
  (onRefused: (refusal: Refusal) => void): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    const { operationId, caller, feeder, foreignFeeder } = attemptOf(response);
    const { code, extras } = problemFrom(error);
    const isChange = request.method !== 'GET' && request.method !== 'HEAD' && operationId !== undefined;
    // What became of a command is told with its outcome, in the transaction that stores it.
    const isOutcome = extras.commandId !== undefined && !OF_ANOTHER.includes(code);
    if (TURNED_AWAY.includes(code) || foreignFeeder !== undefined || (isChange && !isOutcome)) {
      onRefused({
        author: authorOf(response),
        action: operationId ?? (caller === undefined ? 'authenticate' : 'request'),
        // What is not there and what is another site's must look the same, here too.
        sites: feeder !== undefined ? [feeder.site] : caller === undefined || code === 'not-found' ? null : siteList(caller.sites),
        feederId: feeder?.feederId ?? foreignFeeder ?? null,
        code,
      });
    }
    next(error);
  };
