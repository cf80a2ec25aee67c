import { z } from 'zod';
import { seesSite } from '../access/caller.ts';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import type { Directory } from '../feeders/directory.ts';
import type { CommandStore } from '../store/commands.ts';
import type { Database } from '../store/database.ts';
import { selectCommands } from '../store/postgres-commands.ts';
import { COMMAND } from './examples.ts';
import { bodyLike, type Operation } from './operation.ts';
import { badPage, page, pageIn, PageQuery } from './paging.ts';
import { storeProblems } from './problem-answers.ts';
import { callerOf, feederOf, noSuchFeeder, remember } from './request-context.ts';
import { parseQuery } from './request-parameters.ts';
import { CommandShape, commandShape, CommandState, pageOf } from './shapes.ts';

export type CommandRouteDeps = { db: Database; commands: Pick<CommandStore, 'find'>; directory: Pick<Directory, 'siteOf'>; clock: BridgeClock };

const CommandId = z.uuid();
/** The latest time a Date can hold. */
const LAST_MS = 8.64e15;
/** A cursor belongs to the list it was given for: of all commands, or of those in one state. */
const Cursor = z.object({
  issuedAtMs: z.int().min(0).max(LAST_MS),
  commandId: CommandId,
  state: CommandState.optional(),
});

const CommandPage = pageOf(CommandShape, 'CommandPage');

const HistoryQuery = PageQuery.extend({
  state: z
    .enum(CommandState.options, `expected one of ${CommandState.options.join(', ')}`)
    .optional()
    .meta({ description: 'Only commands that are in this state now.' }),
});

export const listCommands = ({ db, clock }: CommandRouteDeps): Operation => ({
  operationId: 'listCommands',
  role: 'viewer',
  tag: 'Commands',
  summary: "List a feeder's commands",
  description: 'Who changed what and what became of it, newest first. Changes that were turned away are there as `refused`.',
  query: HistoryQuery,
  answers: { 200: { description: 'A page of commands.', body: bodyLike(CommandPage, { items: [COMMAND] }) } },
  problems: [badPage(), noSuchFeeder(), ...storeProblems()],
  handle: async (request, response) => {
    const { state, ...asked } = parseQuery(HistoryQuery, request);
    const { limit, after } = pageIn(asked, Cursor);
    if (after && after.state !== state) throw badPage();
    const nowMs = clock.now();
    const commands = await selectCommands(db, feederOf(response).feederId, { state, nowMs }, limit + 1, after);
    const { items, ...rest } = page(commands, limit, ({ issuedAtMs, commandId }) => ({ issuedAtMs, commandId, state }));
    response.json({ items: items.map((command) => commandShape(command, nowMs)), ...rest });
  },
});

const noSuchCommand = (): Problem => new Problem('not-found', 'There is no command with this id.');

export const getCommand = ({ commands, directory, clock }: CommandRouteDeps): Operation => ({
  operationId: 'getCommand',
  role: 'viewer',
  tag: 'Commands',
  summary: 'Look at a command',
  description: 'Where it stands, or how it ended.',
  answers: { 200: { description: 'The command.', body: bodyLike(CommandShape, COMMAND) } },
  problems: [noSuchCommand(), ...storeProblems()],
  handle: async (request, response) => {
    const commandId = CommandId.safeParse(request.params['commandId']);
    const command = commandId.success ? await commands.find(commandId.data) : undefined;
    if (command === undefined) throw noSuchCommand();
    if (!seesSite(callerOf(response), directory.siteOf(command.feederId))) {
      remember(response, { foreignFeeder: command.feederId });
      throw noSuchCommand();
    }
    response.json(commandShape(command, clock.now()));
  },
});
