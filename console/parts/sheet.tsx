import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { words } from '../words/words.ts';
import { Button } from './button.tsx';

type SheetProps = {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  /** The buttons at its foot. */
  actions?: ComponentChildren;
};

/**
 * Something to be answered before the page goes on: from below on a phone, in the middle elsewhere. Escape, the cross and
 * a press beside it close it, and then whatever had the focus has it again, as the browser's own dialog does.
 */
export function Sheet({ title, onClose, children, actions }: SheetProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    return () => {
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
        if (event.target === dialog.current) onClose();
      }}
    >
      <div class="sheet-inside">
        <header class="sheet-head">
          <h2 id={titleId}>{title}</h2>
          <Button kind="quiet" icon="close" label={words.value.common.close} onClick={onClose} />
        </header>
        <div class="sheet-body">{children}</div>
        {actions !== undefined && <footer class="sheet-foot">{actions}</footer>}
      </div>
    </dialog>
  );
}
