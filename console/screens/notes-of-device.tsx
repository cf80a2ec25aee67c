import type { JSX } from 'preact';
import { isNewVersionHere, takeNewVersion } from '../device/new-version.ts';
import { formatTime } from '../format/times.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { endsAtMs, endsSoon } from '../session/session-end.ts';
import { refusedBeside } from '../session/session.ts';
import { words } from '../words/words.ts';

/** What is to be said of this device and its session on every screen; most of the time nothing. */
export function NotesOfDevice(): JSX.Element {
  const { newVersion } = words.value.common;
  return (
    <div role="status" class="notes">
      <RefusedBeside />
      {endsSoon.value && endsAtMs.value !== undefined && (
        <p class="note note-warn">
          <Icon name="pending" />
          <span>{words.value.common.session.endsSoon(formatTime(endsAtMs.value))}</span>
        </p>
      )}
      {isNewVersionHere.value && (
        <div class="note note-calm">
          <Icon name="info" />
          <p>{newVersion.here}</p>
          <Button icon="reload" onClick={takeNewVersion}>{newVersion.reload}</Button>
        </div>
      )}
    </div>
  );
}

/** Somebody wanted in by a link or by the issuer, and was not let in; whoever was signed in before still is. */
function RefusedBeside(): JSX.Element | null {
  const { session, close } = words.value.common;
  const why = refusedBeside.value;
  if (why === undefined) return null;
  const texts = { 'code-used': session.codeRefused, 'issuer-refused': session.issuerRefused, 'issuer-stray': session.issuerRefused, failed: session.otherFailed };
  return (
    <div class="note note-warn">
      <Icon name="alarm" />
      <p>{texts[why]}</p>
      <Button kind="quiet" icon="close" label={close} onClick={() => (refusedBeside.value = undefined)} />
    </div>
  );
}
