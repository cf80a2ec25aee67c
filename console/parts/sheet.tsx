import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { words } from '../words/words.ts';
import { Button } from './button.tsx';
import { shieldPage, useSettled } from './double-taps.ts';

type SheetProps = {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  /** The buttons at its foot; they can be pressed once there was time to see them. */
  actions?: ComponentChildren;
  /** Which of its questions it asks, where it asks one after the other. */
  step?: string;
};

/**
 * Something to be answered before the page goes on: from below on a phone, in the middle elsewhere. Escape, the cross and
 * a press beside it close it, and then whatever had the focus has it again, as the browser's own dialog does.
 */
export function Sheet({ title, onClose, children, actions, step = '' }: SheetProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const isSettled = useSettled(step);
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    return () => {
      shieldPage();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current && isSettled) onClose();
      }}
    >
      <div class="sheet-inside">
        <header class="sheet-head">
          <h2 id={titleId}>{title}</h2>
          <Button kind="quiet" icon="close" label={words.value.common.close} onClick={onClose} />
        </header>
        <div class="sheet-body">{children}</div>
        {actions !== undefined && <fieldset class="sheet-foot" disabled={!isSettled}>{actions}</fieldset>}
      </div>
    </dialog>
  );
}
