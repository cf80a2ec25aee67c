import type { Values } from '../../topics/parameters.ts';
import type { Keeper } from './processes.ts';

/** The settings that a PLC holds, as its panel shows them. */
export async function readRegisters(plc: Keeper, names: readonly string[]): Promise<Values> {
  const shown = await show(plc, /^feedingEnabled = /);
  return Object.fromEntries(
    names.map((name) => {
      const text = shown.get(name);
      return [name, text === 'true' || text === 'false' ? text === 'true' : Number(text)];
    }),
  );
}

/** Whether its motor is at work. */
export const isFeeding = async (plc: Keeper): Promise<boolean> => (await show(plc, /^feeding = /)).get('feeding') === 'true';

/** What the panel shows, by name, up to a line. */
async function show(plc: Keeper, last: RegExp): Promise<Map<string, string>> {
  return new Map(
    (await plc.ask('show', last)).flatMap((line): [string, string][] => {
      const [name, value] = line.split(' = ');
      return name !== undefined && value !== undefined ? [[name, value]] : [];
    }),
  );
}
