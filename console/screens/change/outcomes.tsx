import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Attempt } from '../../change/attempt.ts';
import type { Changes } from '../../change/changes.ts';
import { route } from '../../device/route.ts';
import type { Farm } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { announce } from '../../parts/announcer.tsx';
import { words } from '../../words/words.ts';
import { attemptText, orderText, toneOf } from './change-text.ts';
import { OutcomeNote } from './outcome-note.tsx';
import './change.css';

/** What must be read: how a change ended, or that it is not as quick as it should be. Until then its row says that it is under way. */
export const isWorthNote = ({ progress }: Attempt): boolean =>
  progress.kind === 'ended' || progress.kind === 'unsure' || (progress.kind === 'pending' && progress.isOverdue);

/**
 * What became of changes, on whatever screen one is; a feeder's own screen shows its own. It also tells those who listen, and
 * asks before the page is left while something is on its way to the bridge.
 */
export function Outcomes({ farm, changes }: { farm: Farm; changes: Changes }): JSX.Element | null {
  useAnnounced(farm, changes);
  useAskBeforeLeaving(changes);
  const now = route.value;
  const here = now.screen === 'feeder' ? now.feederId : undefined;
  usePutAside(changes);
  const elsewhere = changes.attempts.value.filter((attempt) => attempt.feederId !== here && isWorthNote(attempt));
  if (elsewhere.length === 0) return null;
  return (
    <section class="outcomes" aria-label={words.value.change.outcomes}>
      {elsewhere.map((attempt) => <OutcomeNote key={attempt.key} farm={farm} changes={changes} attempt={attempt} isAtFeeder={false} />)}
    </section>
  );
}

/** What went well shows in the settings and in the list of commands as well, and is in the way after a while; what did not stays until it is put aside. */
function usePutAside(changes: Changes): void {
  const done = changes.attempts.value.filter((attempt) => toneOf(attempt) === 'good');
  useEffect(() => {
    const timers = done.map((attempt) => setTimeout(() => changes.dismiss(attempt), READ_WITHIN_MS));
    return () => timers.forEach(clearTimeout);
  }, [done.map(({ key }) => key).join()]);
}

const READ_WITHIN_MS = 20_000;

/** Tells each stage of each attempt once. */
function useAnnounced(farm: Farm, changes: Changes): void {
  const told = useRef(new Map<string, string>());
  useSignalEffect(() => {
    for (const attempt of changes.attempts.value) {
      const { feederId, key, order, progress } = attempt;
      const stage = progress.kind === 'pending' ? `${progress.kind} ${progress.isOverdue}` : progress.kind;
      if (told.current.get(key) === stage) continue;
      told.current.set(key, stage);
      const facts = farm.feeders.peek().get(feederId)?.facts.peek();
      const profile = facts?.profile ?? null;
      const text = `${isolated(facts?.name ?? feederId)}: ${orderText(order, profile)}. ${attemptText(attempt, profile)}`;
      if (progress.kind === 'ended' && toneOf(attempt) !== 'good') announce(text, 'now');
      else announce(text);
    }
  });
}

function useAskBeforeLeaving(changes: Changes): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (changes.isUnsafeToLeave.peek()) event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [changes]);
}
