import { MAX_ADDRESS, MAX_READ, MAX_WRITE, type BitTable, type Table, type WordTable } from './tables.ts';

type Reply<R> = (error: Error | null | undefined, result: R | undefined) => void;
type Read<V> = { data: V[]; buffer: Buffer };
type Written = { address: number; length: number };

/** What is used of the Modbus library's client. */
export type Client = {
  writeFC1(unitId: number, address: number, count: number, reply: Reply<Read<boolean>>): void;
  writeFC2(unitId: number, address: number, count: number, reply: Reply<Read<boolean>>): void;
  writeFC3(unitId: number, address: number, count: number, reply: Reply<Read<number>>): void;
  writeFC4(unitId: number, address: number, count: number, reply: Reply<Read<number>>): void;
  writeFC5(unitId: number, address: number, bit: boolean, reply: Reply<{ address: number; state: boolean }>): void;
  writeFC15(unitId: number, address: number, bits: boolean[], reply: Reply<Written>): void;
  writeFC16(unitId: number, address: number, words: number[], reply: Reply<Written>): void;
};

/** How the library answered: with what a good reply holds (`undefined` for a reply that makes no sense), or an error. */
export type Answer<T> = { ok: true; value: T | undefined } | { ok: false; error: Error };

/** One request, its arguments checked: what is sent, and what a good reply to it holds. */
export type Request<T> = {
  unitId: number;
  title: string;
  send: (client: Client, answer: (answer: Answer<T>) => void) => void;
};

/** Coils or discrete inputs (FC 1, 2). */
export function readBits(unitId: number, table: BitTable, address: number, count: number): Request<boolean[]> {
  checkRange(unitId, table, address, count, MAX_READ[table]);
  return {
    unitId,
    title: `read of ${where(unitId, table, address, count)}`,
    send: (client, answer) => {
      const reply = check(answer, ({ data, buffer }: Read<boolean>) =>
        buffer.length === Math.ceil(count / 8) ? data.slice(0, count) : undefined,
      );
      if (table === 'coil') client.writeFC1(unitId, address, count, reply);
      else client.writeFC2(unitId, address, count, reply);
    },
  };
}

/** Holding or input registers (FC 3, 4). */
export function readWords(unitId: number, table: WordTable, address: number, count: number): Request<number[]> {
  checkRange(unitId, table, address, count, MAX_READ[table]);
  return {
    unitId,
    title: `read of ${where(unitId, table, address, count)}`,
    send: (client, answer) => {
      const reply = check(answer, ({ data, buffer }: Read<number>) => (buffer.length === 2 * count ? data : undefined));
      if (table === 'holding') client.writeFC3(unitId, address, count, reply);
      else client.writeFC4(unitId, address, count, reply);
    },
  };
}

/** Coils (FC 5 for one, else FC 15). */
export function writeBits(unitId: number, address: number, bits: readonly boolean[]): Request<true> {
  checkRange(unitId, 'coil', address, bits.length, MAX_WRITE.coil);
  const [first = false] = bits;
  return {
    unitId,
    title: `write of ${where(unitId, 'coil', address, bits.length)}`,
    send: (client, answer) => {
      if (bits.length === 1) {
        const isEcho = (echo: { address: number; state: boolean }) => echo.address === address && echo.state === first;
        client.writeFC5(unitId, address, first, check(answer, (echo) => isEcho(echo) || undefined));
      } else {
        client.writeFC15(unitId, address, [...bits], check(answer, echoOf(address, bits.length)));
      }
    },
  };
}

/** Holding registers (FC 16). */
export function writeWords(unitId: number, address: number, words: readonly number[]): Request<true> {
  checkRange(unitId, 'holding', address, words.length, MAX_WRITE.holding);
  for (const word of words) checkWhole('a register value', word, 0, 0xffff);
  return {
    unitId,
    title: `write of ${where(unitId, 'holding', address, words.length)}`,
    send: (client, answer) => client.writeFC16(unitId, address, [...words], check(answer, echoOf(address, words.length))),
  };
}

const echoOf = (address: number, length: number) => (echo: Written) =>
  (echo.address === address && echo.length === length) || undefined;

const check =
  <R, T>(answer: (answer: Answer<T>) => void, accept: (result: R) => T | undefined): Reply<R> =>
  (error, result) => {
    if (error) answer({ ok: false, error });
    else answer({ ok: true, value: result === undefined ? undefined : accept(result) });
  };

/** The library turns NaN into 0 and 12.7 into 12, so nothing but what it would send unchanged may reach it. */
function checkRange(unitId: number, table: Table, address: number, count: number, mostAtOnce: number): void {
  checkWhole('a unit id', unitId, 0, 255);
  checkWhole(`an address in table ${table}`, address, 0, MAX_ADDRESS);
  checkWhole('a count', count, 1, Math.min(mostAtOnce, MAX_ADDRESS + 1 - address));
}

function checkWhole(what: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`expected ${what} to be a whole number from ${min} to ${max}, not ${value}`);
}

const where = (unitId: number, table: Table, address: number, count: number) =>
  `${table} ${address}${count === 1 ? '' : `..${address + count - 1}`} of unit ${unitId}`;
