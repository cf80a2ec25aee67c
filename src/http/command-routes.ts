import { z } from 'zod';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { selectCommand, selectCommands } from '../store/commands.ts';
import type { Database } from '../store/database.ts';
import { COMMAND } from './examples.ts';
import { bodyLike, type Operation } from './operation.ts';
import { badPage, page, PageQuery, parsePage } from './paging.ts';
import { storeProblems } from './problem-answers.ts';
import { feederOf, noSuchFeeder } from './request-context.ts';
import { CommandShape, commandShape, pageOf } from './shapes.ts';

export type CommandRouteDeps = { db: Database; clock: BridgeClock };

const CommandId = z.uuid();
/** The latest time a Date can hold. */
const LAST_MS = 8.64e15;
const Cursor = z.object({ issuedAtMs: z.int().min(0).max(LAST_MS), commandId: CommandId });

const CommandPage = pageOf(CommandShape, 'CommandPage');

export const listCommands = ({ db, clock }: CommandRouteDeps): Operation => ({
  operationId: 'listCommands',
  tag: 'Commands',
  summary: "List a feeder's commands",
  description: 'Who changed what and what became of it, newest first. Changes that were turned away are there as `refused`.',
  query: PageQuery,
  answers: { 200: { description: 'A page of commands.', body: bodyLike(CommandPage, { items: [COMMAND] }) } },
  problems: [badPage(), noSuchFeeder(), ...storeProblems()],
  handle: async (request, response) => {
    const { limit, after } = parsePage(request, Cursor);
    const commands = await selectCommands(db, feederOf(response).feederId, limit + 1, after);
    const nowMs = clock.now();
    const { items, ...rest } = page(commands, limit, ({ issuedAtMs, commandId }) => ({ issuedAtMs, commandId }));
    response.json({ items: items.map((command) => commandShape(command, nowMs)), ...rest });
  },
});

const noSuchCommand = (): Problem => new Problem('not-found', 'There is no command with this id.');

export const getCommand = ({ db, clock }: CommandRouteDeps): Operation => ({
  operationId: 'getCommand',
  tag: 'Commands',
  summary: 'Look at a command',
  description: 'Where it stands, or how it ended.',
  answers: { 200: { description: 'The command.', body: bodyLike(CommandShape, COMMAND) } },
  problems: [noSuchCommand(), ...storeProblems()],
  handle: async (request, response) => {
    const commandId = CommandId.safeParse(request.params['commandId']);
    const command = commandId.success ? await selectCommand(db, commandId.data) : undefined;
    if (command === undefined) throw noSuchCommand();
    response.json(commandShape(command, clock.now()));
  },
});
