import type { JSX } from 'preact';
import { everyTenSecondsMs } from '../../device/clock.ts';
import { formatDateTime } from '../../format/times.ts';
import { Status } from '../../parts/status.tsx';
import { words } from '../../words/words.ts';

/** Until when something is good, by the clock of the device. */
export function ExpiryText({ expiresAt }: { expiresAt: string | null }): JSX.Element {
  const { admin } = words.value;
  if (expiresAt === null) return <>{admin.expiresNever}</>;
  return (
    <>
      <bdi>{formatDateTime(expiresAt)}</bdi> {Date.parse(expiresAt) <= everyTenSecondsMs.value && <Status tone="warn" icon="offline">{admin.expired}</Status>}
    </>
  );
}
