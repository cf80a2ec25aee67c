import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { asked } from '../../api/client.ts';
import type { ClaimCode } from '../../api/shapes.ts';
import type { Farm } from '../../farm/farm.ts';
import { announce } from '../../parts/announcer.tsx';
import { Button } from '../../parts/button.tsx';
import { Copyable } from '../../parts/copyable.tsx';
import { Countdown } from '../../parts/countdown.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { QrCode } from '../../parts/qr.tsx';
import { useSending } from '../../parts/use-sending.ts';
import { api } from '../../session/session.ts';
import { words } from '../../words/words.ts';

/** What is typed at the farm's computer. */
const commandWith = (code: string): string => `npm run agent -- enrol --code ${code}`;

/** Makes claim codes for a feeder, and shows each for as long as it is good. */
export function ClaimCodeMaker({ farm, feederId }: { farm: Farm; feederId: string }): JSX.Element {
  const { admin } = words.value;
  const [made, setMade] = useState<ClaimCode | 'over'>();
  const { isSending, failure, send } = useSending();
  const shown = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The button that had the focus is gone with what it made, and with the end of it.
    if (made !== undefined) shown.current?.focus();
  }, [made]);
  const make = (): void => send(() => asked(() => api.POST('/feeders/{feederId}/claim-code', { params: { path: { feederId } } })), setMade);
  const end = (): void => {
    setMade('over');
    announce(words.value.admin.claim.over);
  };

  if (made !== undefined && made !== 'over') {
    const command = commandWith(made.code);
    return (
      <div ref={shown} tabIndex={-1} class="admin-code" role="group" aria-label={admin.claim.code}>
        <p>{admin.claim.about}</p>
        <Copyable label={admin.claim.code} text={made.code} isLarge />
        <Countdown key={made.code} until={made.expiresAt} say={admin.claim.left} onOver={end} />
        <Copyable label={admin.claim.command} text={command} />
        <QrCode text={command} label={admin.claim.qr} />
        <p class="hint">{admin.claim.qrAbout}</p>
      </div>
    );
  }
  return (
    <div ref={shown} tabIndex={-1} class="admin-code">
      {made === 'over' && <p class="note note-warn">{admin.claim.over}</p>}
      {failure && <FailureNote failure={failure} />}
      <Button kind="main" icon="qr" disabled={isSending || !farm.canChange.value} onClick={make}>
        {isSending ? admin.sending : made === 'over' ? admin.claim.another : admin.claim.make}
      </Button>
      {!farm.canChange.value && <p class="note note-warn">{admin.linkNeeded}</p>}
    </div>
  );
}
