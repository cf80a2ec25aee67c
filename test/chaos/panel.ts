import type { Values } from '../../topics/parameters.ts';
import type { Keeper } from './processes.ts';

/** The settings that a PLC holds, as its panel shows them. */
export async function readRegisters(plc: Keeper, names: readonly string[]): Promise<Values> {
  const shown = new Map(
    (await plc.ask('show', /^feedingEnabled = /)).flatMap((line): [string, string][] => {
      const [name, value] = line.split(' = ');
      return name !== undefined && value !== undefined ? [[name, value]] : [];
    }),
  );
  return Object.fromEntries(
    names.map((name) => {
      const text = shown.get(name);
      return [name, text === 'true' || text === 'false' ? text === 'true' : Number(text)];
    }),
  );
}
