import type { ParameterValue } from '../../../topics/parameters.ts';
import type { SimulatedPlc } from './simulated-plc.ts';

const HELP = `show                              every value
set NAME VALUE                    as on the PLC's own panel: set mealGrams 120, set motorJam true
feed GRAMS                        a meal by hand
reset                             settings as the factory left them
power-cycle                       off and on again
speed N                           feeder seconds in a second
fault silence on|act|off          requests lost | acted on without an answer
fault delay MS|off                answers late
fault exception NAME CODE|off     requests that touch NAME are refused
fault stick NAME on|off           writes of NAME do not hold
fault clamp NAME MAX|off          writes of NAME hold up to MAX
fault scan on|off                 no scans, as a PLC in STOP
fault disconnect on|off           no connection is taken
fault drop                        cuts the connections
fault off                         all is well again, connections too
help`;

/** Carries out one line typed by a person and answers what to print; throws `RangeError` for one it does not understand. */
export async function runLine(plc: SimulatedPlc, line: string): Promise<string> {
  const [command = '', ...words] = line.trim().split(/\s+/);
  switch (command) {
    case '':
      return '';
    case 'help':
      return HELP;
    case 'show':
      return Object.entries(plc.show()).map(([name, value]) => `${name} = ${value}`).join('\n');
    case 'set':
      return set(plc, words);
    case 'feed':
      plc.panel.feed(numberIn(words[0], 'grams'));
      return 'feeding';
    case 'reset':
      plc.resetToDefaults();
      return 'reset';
    case 'power-cycle':
      plc.powerCycle();
      return 'off and on again';
    case 'speed':
      plc.setSpeed(numberIn(words[0], 'a speed'));
      return `speed ${words[0]}`;
    case 'fault':
      return fault(plc, words);
    default:
      throw new RangeError(`unknown command ${command}; try help`);
  }
}

function set(plc: SimulatedPlc, [name = '', text]: string[]): string {
  const value: ParameterValue = text === 'true' || text === 'false' ? text === 'true' : numberIn(text, 'true, false or a number');
  plc.panel.set(name, value);
  return `${name} = ${value}`;
}

async function fault(plc: SimulatedPlc, words: string[]): Promise<string> {
  const [kind = '', first = '', second = ''] = words;
  switch (kind) {
    case 'silence':
      plc.faults.silence(oneOf(first, { on: { mode: 'swallow' }, act: { mode: 'act' }, off: undefined }));
      break;
    case 'delay':
      plc.faults.delay(first === 'off' ? undefined : { ms: numberIn(first, 'milliseconds or off') });
      break;
    case 'exception':
      plc.faults.exception(first, second === 'off' ? undefined : numberIn(second, 'an exception code or off'));
      break;
    case 'stick':
      plc.faults.stick(first, oneOf(second, { on: true, off: false }));
      break;
    case 'clamp':
      plc.faults.clamp(first, second === 'off' ? undefined : { max: numberIn(second, 'a largest value or off') });
      break;
    case 'scan':
      plc.faults.scan(oneOf(first, { on: true, off: false }));
      break;
    case 'disconnect':
      await oneOf(first, { on: () => plc.disconnect(), off: () => plc.reconnect() })();
      break;
    case 'drop':
      plc.dropConnections();
      break;
    case 'off':
      plc.faults.clear();
      await plc.reconnect();
      break;
    default:
      throw new RangeError(`unknown fault ${kind}; try help`);
  }
  return `fault ${words.join(' ')}`;
}

function numberIn(text: string | undefined, what: string): number {
  const number = text ? Number(text) : NaN;
  if (!Number.isFinite(number)) throw new RangeError(`expected ${what}, not ${text ?? 'nothing'}`);
  return number;
}

function oneOf<T>(word: string, choices: Record<string, T>): T {
  const found = Object.entries(choices).find(([name]) => name === word);
  if (!found) throw new RangeError(`expected ${Object.keys(choices).join(' or ')}, not ${word || 'nothing'}`);
  return found[1];
}
