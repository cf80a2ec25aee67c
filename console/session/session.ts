import { signal } from '@preact/signals';
import { asked, createApi, type Asked, type Failure } from '../api/client.ts';
import type { Me, Role } from '../api/shapes.ts';
import { bridgeNowMs } from '../device/clock.ts';
import { keep, readKept } from '../device/kept.ts';

/** Why nobody is signed in: for the sign-in screen. */
export type SignedOut =
  | { kind: 'signed-out'; why: 'never' | 'left' | 'expired' | 'ended' | Refusal }
  /** It could not be found out. */
  | { kind: 'signed-out'; why: 'failed'; failure: Failure };

/** What there can be against somebody who wants in. */
export type Refusal = 'wrong-key' | 'code-used' | 'issuer-refused' | 'issuer-stray';

/** Who uses the console. `resuming`: it is being found out as the page opens; `unreached`: the bridge does not say. */
export type Session = { kind: 'resuming' } | { kind: 'unreached' } | { kind: 'checking' } | SignedOut | { kind: 'signed-in'; me: Me };

export const session = signal<Session>({ kind: 'resuming' });

/** Why somebody who wanted in by another way was refused, while the session that was there went on. */
export const refusedBeside = signal<Extract<Refusal, 'code-used' | 'issuer-refused' | 'issuer-stray'> | 'failed' | undefined>(undefined);

/** A key never stands in a URL, and is gone with the tab. */
let bearer = readKept('forTab', 'bearer');
/** Counts who wanted in: whoever did so last decides. */
let turn = 0;

/** The bearer that goes with each request; for the stream of events, which is no ordinary one. */
export const bearerNow = (): string | undefined => bearer;

/** The bridge, asked in the name of whoever is signed in. */
export const api = createApi(bearerNow, () => endSession());
/** The bridge, asked in the name of nobody yet. */
const anyone = createApi(() => undefined, () => undefined);

const RANK: readonly Role[] = ['viewer', 'operator', 'admin'];

/** Whether whoever is signed in may do what a role is needed for. What is hidden by it, the bridge refuses all the same. */
export const may = (role: Role): boolean => session.value.kind === 'signed-in' && RANK.indexOf(session.value.me.role) >= RANK.indexOf(role);

/** Signs in with a key. */
export async function signInWith(key: string): Promise<void> {
  const mine = ++turn;
  if (!/^[\x21-\x7e]+$/.test(key)) {
    // No header can carry it.
    session.value = { kind: 'signed-out', why: 'wrong-key' };
    return;
  }
  session.value = { kind: 'checking' };
  const answer = await whoIs(key);
  if (turn !== mine) return;
  session.value = answer.ok ? taken(key, answer.data) : signedOutBy(answer.failure, 'wrong-key');
}

/** What somebody is let in for: a code that works a few times at most and may stand in links, or what the issuer sent back. */
export type Voucher = { code: string } | { oidc: { code: string; codeVerifier: string; redirectUri: string } };

/** Signs in with a voucher. Where it is refused, the session that was there goes on. */
export async function signInBy(voucher: Voucher): Promise<void> {
  const mine = ++turn;
  refusedBeside.value = undefined;
  const answer = await exchanged(voucher);
  if (turn !== mine) return;
  if (answer.ok) {
    session.value = taken(answer.data.bearer, answer.data.me);
    return;
  }
  const out = signedOutBy(answer.failure, 'code' in voucher ? 'code-used' : 'issuer-refused');
  await refuse(out);
}

/** Tells that somebody was not let in; whoever was there before stays. */
export async function refuse(out: SignedOut): Promise<void> {
  if (bearer === undefined) {
    session.value = out;
    return;
  }
  const { why } = out;
  refusedBeside.value = why === 'code-used' || why === 'issuer-refused' || why === 'issuer-stray' ? why : 'failed';
  if (session.peek().kind !== 'signed-in') await resumeSession();
}

async function exchanged(voucher: Voucher): Promise<Asked<{ bearer: string; me: Me }>> {
  const answer = await asked(() => anyone.POST('/sign-ins', { body: voucher }));
  if (!answer.ok) return answer;
  const me = await whoIs(answer.data.bearer);
  return me.ok ? { ...me, data: { bearer: answer.data.bearer, me: me.data } } : me;
}

const RETRY_MS = 3_000;

/**
 * Takes up the session of this tab, if there is one. While the bridge does not answer it is asked again and again, and
 * nobody is signed out for that.
 */
export async function resumeSession(): Promise<void> {
  const mine = ++turn;
  session.value = { kind: 'resuming' };
  while (turn === mine) {
    const waiting = setTimeout(() => {
      if (turn === mine) session.value = { kind: 'unreached' };
    }, RETRY_MS);
    const found = bearer === undefined ? await nobodyYet() : await stillIn(bearer);
    clearTimeout(waiting);
    if (turn !== mine) return;
    if (found.kind !== session.peek().kind) session.value = found;
    if (found.kind !== 'unreached') return;
    await nextTry();
  }
}

async function nobodyYet(): Promise<Session> {
  const answer = await asked(() => anyone.GET('/sign-in-ways'));
  return answer.ok || answer.failure.kind === 'problem' ? { kind: 'signed-out', why: 'never' } : { kind: 'unreached' };
}

async function stillIn(value: string): Promise<Session> {
  const answer = await whoIs(value);
  if (answer.ok) return taken(value, answer.data);
  if (!isUnknown(answer.failure)) return { kind: 'unreached' };
  forgetBearer();
  return { kind: 'signed-out', why: 'ended' };
}

/** Passes when it is time to ask again: after a while, or as soon as the device has a network. */
const nextTry = (): Promise<void> =>
  new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      removeEventListener('online', wake);
      resolve();
    };
    const timer = setTimeout(wake, RETRY_MS);
    addEventListener('online', wake);
  });

/** Ends the session, here and at the bridge, and erases what the device has kept of the farm. */
export async function signOut(erase: () => Promise<void>): Promise<void> {
  const value = bearer;
  turn += 1;
  forgetBearer();
  session.value = { kind: 'signed-out', why: 'left' };
  await erase();
  // The bridge may be out of reach: nobody waits for it to leave.
  await asked(() => createApi(() => value, () => undefined).DELETE('/sign-ins/own'));
}

/** The bridge knows the bearer no more, or its time has come. */
export function endSession(): void {
  const now = session.peek();
  // While somebody is being looked up, whoever does so says what came of it.
  if (now.kind !== 'signed-in') return;
  forgetBearer();
  session.value = { kind: 'signed-out', why: isOver(now.me) ? 'expired' : 'ended' };
}

const isOver = ({ expiresAt }: Me): boolean => expiresAt !== null && Date.parse(expiresAt) - bridgeNowMs() < 2_000;

const whoIs = (value: string): Promise<Asked<Me>> => asked(() => createApi(() => value, () => undefined).GET('/me'));

const isUnknown = (failure: Failure): boolean => failure.kind === 'problem' && failure.problem.code === 'unauthenticated';

const signedOutBy = (failure: Failure, refusal: Refusal): SignedOut =>
  failure.kind === 'problem' && [400, 401, 403, 404].includes(failure.problem.status)
    ? { kind: 'signed-out', why: refusal }
    : { kind: 'signed-out', why: 'failed', failure };

function taken(value: string, me: Me): Session {
  bearer = value;
  keep('forTab', 'bearer', value);
  keep('forTab', 'caller', callerOf(me));
  return { kind: 'signed-in', me };
}

function forgetBearer(): void {
  bearer = undefined;
  keep('forTab', 'bearer', undefined);
  keep('forTab', 'caller', undefined);
}

/** Tells people and keys apart, also where they bear the same name. */
export const callerOf = ({ kind, name }: Me): string => `${kind} ${name}`;

/** Who has signed in on this tab, also while the bridge cannot be asked. */
export const tabCaller = (): string | undefined => readKept('forTab', 'caller');
