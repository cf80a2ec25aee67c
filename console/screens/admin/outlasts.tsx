import type { JSX } from 'preact';
import type { Failure } from '../../api/client.ts';
import { words } from '../../words/words.ts';

/** Why somebody who may make such things may not make this one: it would last longer than what they ask by, or be for more. */
export const Outlasts = ({ failure }: { failure: Failure | undefined }): JSX.Element | null =>
  failure?.kind === 'problem' && failure.problem.code === 'forbidden' ? <p class="error" role="alert">{words.value.admin.expiry.outlasts}</p> : null;
