import type { Failure } from '../api/client.ts';
import type { Problem, Reason } from '../api/shapes.ts';
import { words } from '../words/words.ts';

/** What a refusal means, and what to do next, in words. */
export function failureText(failure: Failure): string {
  return failure.kind === 'no-answer' ? words.value.problems.noAnswer : problemText(failure.problem);
}

/** The same for a problem that the bridge told. */
export function problemText({ code }: Pick<Problem, 'code'>): string {
  const { problems } = words.value;
  const texts: Readonly<Record<string, string>> = problems.byCode;
  return texts[code] ?? problems.unknownCode(code);
}

/** Why a command was not applied, or not even sent, in words; a reason that is not known is told as the agent told it. */
export function reasonText({ code, message }: Reason): string {
  const { byReason, byCode } = words.value.problems;
  const texts: Readonly<Record<string, string>> = { ...byCode, ...byReason };
  return texts[code] ?? message;
}
