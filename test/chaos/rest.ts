import { z } from 'zod';
import { Outcome } from '../../topics/commands.ts';
import { Values } from '../../topics/parameters.ts';

/** The REST API of the bridge, and an admin key for it. */
export type Rest = { url: string; key: string };

/** What an HTTP request came to; `lost` where no whole answer came. */
export type Heard = { kind: 'answer'; status: number; headers: Headers; body: unknown } | { kind: 'lost'; why: string };

/** Far longer than the bridge lets anybody wait. */
const PATIENCE_MS = 15_000;

export async function ask(
  { url, key }: Rest,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Heard> {
  try {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { kind: 'answer', status: answer.status, headers: answer.headers, body: await answer.json() };
  } catch (error) {
    return { kind: 'lost', why: String(error instanceof Error ? (error.cause ?? error) : error) };
  }
}

/** Enrols a feeder and tells its agent's token. */
export async function enrol(rest: Rest, feederId: string): Promise<string> {
  const heard = await ask(rest, 'POST', '/feeders', { feederId, name: feederId, site: 'farm' });
  if (heard.kind !== 'answer' || heard.status !== 201) throw new Error(`expected to enrol ${feederId}: ${JSON.stringify(heard)}`);
  return z.object({ token: z.string() }).parse(heard.body).token;
}

const Feeder = z.object({ presence: z.string(), plc: z.string() });

/** Whether a feeder can be changed: its agent is there, and reaches the PLC. */
export async function isServed(rest: Rest, feederId: string): Promise<boolean> {
  const heard = await ask(rest, 'GET', `/feeders/${feederId}`);
  if (heard.kind !== 'answer' || heard.status !== 200) return false;
  const { presence, plc } = Feeder.parse(heard.body);
  return presence === 'online' && plc === 'ok';
}

/** A feeder's config as the bridge shows it; undefined where it cannot be had. */
export async function configOf(rest: Rest, feederId: string): Promise<{ version: number; values: Values } | undefined> {
  const heard = await ask(rest, 'GET', `/feeders/${feederId}/config`);
  if (heard.kind !== 'answer' || heard.status !== 200) return undefined;
  return z.object({ version: z.int(), values: Values }).parse(heard.body);
}

/** The state that a command was told to be in. */
export const ToldState = z.enum([...Outcome.options, 'sent', 'unresolved', 'refused']);
export type ToldState = z.infer<typeof ToldState>;
