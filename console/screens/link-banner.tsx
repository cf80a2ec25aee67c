import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import { bridgeNowMs, everyTenSecondsMs } from '../device/clock.ts';
import { lookForNewVersion } from '../device/new-version.ts';
import type { Farm } from '../farm/farm.ts';
import { formatAge, formatDateTime, formatSpan, formatTime } from '../format/times.ts';
import { announce } from '../parts/announcer.tsx';
import { Icon } from '../parts/icon.tsx';
import { Status } from '../parts/status.tsx';
import { words } from '../words/words.ts';

/** How the link to the bridge is, in the bar. */
export function LinkStatus({ farm }: { farm: Farm }): JSX.Element {
  const { link } = words.value.common;
  switch (farm.link.value.kind) {
    case 'connecting':
      return <Status tone="calm" icon="link">{link.connecting}</Status>;
    case 'live':
      return <Status tone="good" icon="link">{link.live}</Status>;
    case 'lost':
      return <Status tone="bad" icon="linkLost">{link.lostShort}</Status>;
  }
}

const A_DAY_MS = 86_400_000;

/**
 * Says at once that the link to the bridge is lost, and as of when the values are that are shown; to those who listen once,
 * and also that it is back.
 */
export function LinkBanner({ farm, isOfflineCopy }: { farm: Farm; isOfflineCopy: boolean }): JSX.Element | null {
  const { link } = words.value.common;
  const now = farm.link.value;
  const wasLost = useRef(false);
  useEffect(() => {
    if (now.kind === 'lost' && !wasLost.current) announce(isOfflineCopy ? link.offlineCopy(spanSince(now.sinceMs)) : link.lost, 'now');
    if (now.kind === 'live' && wasLost.current) {
      announce(link.back);
      lookForNewVersion();
    }
    // While it is connecting, nothing is back yet.
    if (now.kind !== 'connecting') wasLost.current = now.kind === 'lost';
  }, [now.kind]);
  if (now.kind !== 'lost') return null;
  const nowMs = everyTenSecondsMs.value;
  const since = nowMs - now.sinceMs < A_DAY_MS ? formatTime(now.sinceMs) : formatDateTime(now.sinceMs);
  return (
    <p class="note note-bad">
      <Icon name="linkLost" />
      <span>{isOfflineCopy ? link.offlineCopy(spanSince(now.sinceMs, nowMs)) : link.lostFor(since, formatAge(now.sinceMs, nowMs))}</span>
    </p>
  );
}

const spanSince = (sinceMs: number, nowMs = bridgeNowMs()): string => formatSpan((nowMs - sinceMs) / 1_000);
