import { z } from 'zod';
import { FeederId, Instant, toInstant } from '../../topics/identifiers.ts';
import { Problem } from '../errors.ts';
import { badClaimCode, feederNotAwaited, USUAL_OVERLAP_MS, type NewToken } from '../feeders/agent-tokens.ts';
import type { Enrolment } from '../feeders/enrolment.ts';
import { TOKEN } from './examples.ts';
import { bodyProblems, parseBody } from './json-body.ts';
import { bodyLike, type Operation } from './operation.ts';
import { storeProblems } from './problem-answers.ts';
import { rateLimited } from './rate-limits.ts';
import { authorOf, feederOf, noSuchFeeder } from './request-context.ts';
import { parseQuery } from './request-parameters.ts';
import { answered } from './shapes.ts';
import { taken } from './taken-bodies.ts';

export type AgentTokenRouteDeps = { enrolment: Pick<Enrolment, 'tokens'> };

const LONGEST_OVERLAP_SECONDS = 86_400;
const badOverlap = `expected whole seconds, 0 to ${LONGEST_OVERLAP_SECONDS}`;

const RotationQuery = z.object({
  overlapSeconds: z
    .string()
    .regex(/^\d{1,5}$/, badOverlap)
    .transform(Number)
    .pipe(z.int().min(0).max(LONGEST_OVERLAP_SECONDS, badOverlap))
    .default(USUAL_OVERLAP_MS / 1000)
    .meta({ description: 'How long the old token is still good; 0 for one that was stolen.' }),
});

const TokenShape = z
  .object({
    feederId: FeederId,
    token: z.string().meta({ description: "The agent's MQTT password. It is shown here and never again." }),
    previousTokenUntil: Instant.nullable().meta({
      description: 'Until when the old token lets the agent in, if the new one is not used before. Null: no longer.',
    }),
  })
  .register(answered, { id: 'FeederToken', description: "A feeder's new token." });

const tokenShape = ({ feederId, token, previousUntilMs }: NewToken): z.output<typeof TokenShape> => ({
  feederId,
  token,
  previousTokenUntil: previousUntilMs === null ? null : toInstant(previousUntilMs),
});

const TOKEN_EXAMPLE: z.output<typeof TokenShape> = { feederId: 'pond-1', token: TOKEN, previousTokenUntil: '2026-01-31T08:15:00.000Z' };

/** `POST /feeders/{feederId}/token` */
export const rotateToken = ({ enrolment }: AgentTokenRouteDeps): Operation => ({
  operationId: 'rotateToken',
  role: 'admin',
  tag: 'Feeders',
  summary: 'Give a feeder another token',
  description:
    'Its session ends at once. So that it is not lost before the new token is at the farm, the old one lets its agent in ' +
    'again until `previousTokenUntil`, or until the new one is first used. A token in between that was never used is good no more.',
  query: RotationQuery,
  answers: { 201: { description: 'The new token, shown once.', body: bodyLike(TokenShape, TOKEN_EXAMPLE) } },
  problems: [new Problem('malformed', `overlapSeconds: ${badOverlap}.`), noSuchFeeder(), ...storeProblems()],
  handle: async (request, response) => {
    const { overlapSeconds } = parseQuery(RotationQuery, request);
    const { feederId } = feederOf(response);
    response.status(201).json(tokenShape(await enrolment.tokens.rotate(feederId, overlapSeconds * 1000, authorOf(response))));
  },
});

const ClaimCodeShape = z
  .object({
    feederId: FeederId,
    code: z.string().meta({ description: 'It is shown here and never again. Capitals or not, spaces and dashes do not matter.' }),
    expiresAt: Instant,
  })
  .register(answered, { id: 'ClaimCode', description: "What an installer fetches a feeder's token with, once." });

const CLAIM_CODE: z.output<typeof ClaimCodeShape> = { feederId: 'pond-1', code: '7KQ2-M0XN-3T9A-ZD5R', expiresAt: '2026-01-31T08:15:00.000Z' };

/** `POST /feeders/{feederId}/claim-code` */
export const makeClaimCode = ({ enrolment }: AgentTokenRouteDeps): Operation => ({
  operationId: 'makeClaimCode',
  role: 'admin',
  tag: 'Feeders',
  summary: 'Make a claim code for an installer',
  description:
    'Good once, for 15 minutes, in the place of an earlier one. At the farm `npm run agent -- enrol` fetches a new token with ' +
    'it and puts it where the agent looks for it, so that nobody has to see or send a token.',
  answers: { 201: { description: 'The code, shown once.', body: bodyLike(ClaimCodeShape, CLAIM_CODE) } },
  problems: [noSuchFeeder(), ...storeProblems()],
  handle: async (_request, response) => {
    const { feederId } = feederOf(response);
    const { code, expiresAtMs } = await enrolment.tokens.makeClaimCode(feederId, authorOf(response));
    response.status(201).json({ feederId, code, expiresAt: toInstant(expiresAtMs) } satisfies z.output<typeof ClaimCodeShape>);
  },
});

const ClaimBody = z
  .object({
    code: z.string().min(1).max(100),
    feederIds: z
      .array(FeederId)
      .min(1)
      .max(1000)
      .optional()
      .meta({ description: 'The feeders that the agent serves: the code of another is not used up.' }),
  })
  .register(taken, { id: 'Claim', description: 'A claim code, and for whom.' });

/** `POST /claims` */
export const claimFeeder = ({ enrolment }: AgentTokenRouteDeps): Operation => ({
  operationId: 'claimFeeder',
  role: 'anyone',
  tag: 'Feeders',
  summary: 'Fetch a token with a claim code',
  description:
    'Uses the code up. As when an admin gives a feeder another token, its session ends, and the old token lets its agent in again for 15 ' +
    'minutes, or until the new one is first used.',
  body: { ...bodyLike(ClaimBody, { code: CLAIM_CODE.code, feederIds: ['pond-1', 'pond-2'] }), contentTypes: ['application/json'] },
  answers: { 201: { description: 'The new token, shown once.', body: bodyLike(TokenShape, TOKEN_EXAMPLE) } },
  problems: [...bodyProblems(['application/json']), badClaimCode(), feederNotAwaited('pond-3'), rateLimited(1), ...storeProblems()],
  handle: async (request, response) => {
    const { code, feederIds } = parseBody(ClaimBody, request.body);
    response.status(201).json(tokenShape(await enrolment.tokens.claim(code, feederIds, authorOf(response))));
  },
});
