import type { JSX } from 'preact';
import type { Failure } from '../api/client.ts';
import { failureText } from '../format/failures.ts';
import { words } from '../words/words.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

/** What went wrong and what to do next; what the bridge said of it, in its own words, is behind it. */
export function FailureNote({ failure, onRetry }: { failure: Failure; onRetry?: () => void }): JSX.Element {
  const { common } = words.value;
  return (
    <div class="note note-bad" role="alert">
      <Icon name="alarm" />
      <div>
        <p>{failureText(failure)}</p>
        {failure.kind === 'problem' && (
          <details>
            <summary>{common.technicalDetails}</summary>
            <p lang="en" dir="ltr">{`${failure.problem.code}: ${failure.problem.detail}`}</p>
          </details>
        )}
      </div>
      {onRetry && <Button onClick={onRetry}>{common.retry}</Button>}
    </div>
  );
}
