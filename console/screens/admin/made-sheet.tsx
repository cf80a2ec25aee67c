import type { JSX } from 'preact';
import { Button } from '../../parts/button.tsx';
import { Copyable } from '../../parts/copyable.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { words } from '../../words/words.ts';

type MadeSheetProps = { title: string; shown: readonly { label: string; text: string }[]; onClose: () => void };

/** What was just made and lets somebody in. It stands nowhere but here, and is gone once this is closed. */
export const MadeSheet = ({ title, shown, onClose }: MadeSheetProps): JSX.Element => (
  <Sheet title={title} onClose={onClose} actions={<Button onClick={onClose}>{words.value.admin.done}</Button>}>
    <p>{words.value.admin.onlyOnce}</p>
    {shown.map(({ label, text }) => <Copyable key={label} label={label} text={text} />)}
  </Sheet>
);
