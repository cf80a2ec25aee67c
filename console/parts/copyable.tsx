import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { words } from '../words/words.ts';
import { announce } from './announcer.tsx';
import { Button } from './button.tsx';

type CopyableProps = {
  /** What it is. */
  label: string;
  text: string;
  /** In large letters, to be read from a screen and typed elsewhere. */
  isLarge?: boolean;
};

/** A text to be taken elsewhere, letter by letter, with a button that copies it. */
export function Copyable({ label, text, isLarge = false }: CopyableProps): JSX.Element {
  const { common, admin } = words.value;
  const shown = useRef<HTMLElement>(null);
  const [outcome, setOutcome] = useState<'copied' | 'selected'>();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
      announce(common.copied);
    } catch {
      // A page that came by plain HTTP may not write to the clipboard.
      if (shown.current !== null) getSelection()?.selectAllChildren(shown.current);
      setOutcome('selected');
      announce(admin.copyByHand);
    }
  };
  return (
    <div class="copyable">
      <p class="copyable-label">{label}</p>
      <code ref={shown} class={isLarge ? 'copyable-text copyable-large' : 'copyable-text'} dir="ltr">{text}</code>
      <Button icon={outcome === 'copied' ? 'check' : 'copy'} onClick={() => void copy()}>
        {outcome === 'copied' ? common.copied : common.copy}
        <span class="only-heard"> {label}</span>
      </Button>
      {outcome === 'selected' && <p class="hint">{admin.copyByHand}</p>}
    </div>
  );
}
