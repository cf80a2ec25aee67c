import { isDeepStrictEqual } from 'node:util';
import type { Exchange, Told } from './load.ts';
import type { StoredCommand } from './store.ts';

type State = StoredCommand['state'];

const FINAL: readonly State[] = ['applied', 'rejected', 'expired', 'superseded', 'indeterminate'];

/** What may have become of the command that an answer names, by the answer's status or code. */
const MAY_BE: Readonly<Record<string, readonly State[]>> = {
  '200': ['applied'],
  '202': FINAL,
  'command-rejected': ['rejected'],
  'version-mismatch': ['rejected'],
  'command-indeterminate': ['indeterminate'],
  'command-superseded': ['superseded'],
  'command-expired': ['expired'],
  'command-unresolved': FINAL,
  'command-pending': FINAL,
  'store-unavailable': ['refused', 'expired'],
};
/** What may be answered to a change of which nothing was sent. */
const NOTHING_SENT = ['feeder-offline', 'plc-unreachable', 'version-mismatch', 'store-unavailable', 'lease-store-unavailable', 'bridge-stopping'];

/** What is wrong with an answer, beside the command that it names as the store has it; undefined where nothing is. */
export function contradictionIn({ order, told }: Exchange, command: StoredCommand | undefined): string | undefined {
  if (told.kind === 'lost') return undefined;
  const answer = told.status < 300 ? String(told.status) : (told.code ?? '');
  if (told.commandId === undefined) return NOTHING_SENT.includes(answer) ? undefined : 'no such answer was expected';
  const mayBe = MAY_BE[answer];
  if (mayBe === undefined) return 'no such answer was expected';
  // The note of a change that was turned away is written later, and may be lost with the bridge.
  if (command === undefined) return answer === 'store-unavailable' ? undefined : 'the store has no such command';
  if (!mayBe.includes(command.state)) return `the store has ${command.state}`;
  if (command.kind !== order.kind) return `the store has a ${command.kind}`;
  return answer === '200' ? wrongReadBack(order, told, command) : undefined;
}

/** Whether a request surely led to no command. */
export const nothingSentBy = (told: Exchange['told']): boolean =>
  told.kind === 'answer' && told.commandId === undefined && NOTHING_SENT.includes(told.code ?? '');

function wrongReadBack(order: Exchange['order'], told: Told, command: StoredCommand): string | undefined {
  const changes = order.kind === 'set-config' ? order.changes : {};
  if (told.state !== 'applied') return `the answer has ${told.state}`;
  if (!isDeepStrictEqual(told.readBack, changes)) return 'another value was read back';
  return isDeepStrictEqual(command.readBack, changes) ? undefined : 'the store has another read-back';
}
