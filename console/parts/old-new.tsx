import type { JSX } from 'preact';
import { words } from '../words/words.ts';
import { Icon } from './icon.tsx';
import { Amount } from './text.tsx';

/** What something was and what it is now, in the order of reading; `old` is left out where it is not known. */
export function OldNew({ old, now }: { old: string | undefined; now: string }): JSX.Element {
  const { from, to } = words.value.activity.changed;
  return (
    <span class="old-new">
      {old !== undefined && (
        <>
          <span class="only-heard">{from} </span>
          <Amount>{old}</Amount>
          <Icon name="becomes" />
          <span class="only-heard"> {to} </span>
        </>
      )}
      <strong><Amount>{now}</Amount></strong>
    </span>
  );
}
