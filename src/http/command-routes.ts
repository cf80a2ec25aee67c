import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { selectCommand, selectCommands } from '../store/commands.ts';
import type { Database } from '../store/database.ts';
import { page, parsePage } from './paging.ts';
import { feederOf } from './request-context.ts';
import { commandShape } from './shapes.ts';

export type CommandRouteDeps = { db: Database; clock: BridgeClock };

const CommandId = z.uuid();
/** The latest time a Date can hold. */
const LAST_MS = 8.64e15;
const Cursor = z.object({ issuedAtMs: z.int().min(0).max(LAST_MS), commandId: CommandId });

/** `GET /feeders/{id}/commands`: newest first. */
export const listCommands =
  ({ db, clock }: CommandRouteDeps): RequestHandler =>
  async (request, response) => {
    const { limit, after } = parsePage(request.query, Cursor);
    const commands = await selectCommands(db, feederOf(response).feederId, limit + 1, after);
    const nowMs = clock.now();
    const { items, ...rest } = page(commands, limit, ({ issuedAtMs, commandId }) => ({ issuedAtMs, commandId }));
    response.json({ items: items.map((command) => commandShape(command, nowMs)), ...rest });
  };

/** `GET /commands/{commandId}` */
export const getCommand =
  ({ db, clock }: CommandRouteDeps): RequestHandler =>
  async (request, response) => {
    const commandId = CommandId.safeParse(request.params['commandId']);
    const command = commandId.success ? await selectCommand(db, commandId.data) : undefined;
    if (command === undefined) throw new Problem('not-found', 'There is no command with this id.');
    response.json(commandShape(command, clock.now()));
  };
