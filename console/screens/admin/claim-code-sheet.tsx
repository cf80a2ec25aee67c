import type { JSX } from 'preact';
import type { Farm } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { Button } from '../../parts/button.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { words } from '../../words/words.ts';
import { ClaimCodeMaker } from './claim-code-maker.tsx';

type ClaimCodeSheetProps = { farm: Farm; feeder: { feederId: string; name: string }; onClose: () => void };

/** A claim code for a feeder that is enrolled already: for a new computer, or a token that was lost. */
export function ClaimCodeSheet({ farm, feeder: { feederId, name }, onClose }: ClaimCodeSheetProps): JSX.Element {
  const { admin } = words.value;
  return (
    <Sheet title={admin.claim.title(isolated(name))} onClose={onClose} actions={<Button onClick={onClose}>{admin.done}</Button>}>
      <p>{admin.claim.effect}</p>
      <ClaimCodeMaker farm={farm} feederId={feederId} />
    </Sheet>
  );
}
