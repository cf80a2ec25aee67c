import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { everySecondMs } from '../device/clock.ts';
import { formatSpan } from '../format/times.ts';
import { isolated } from '../format/isolate.ts';

type CountdownProps = {
  until: string;
  /** Says how long there is left. */
  say: (span: string) => string;
  onOver: () => void;
};

/** Counts down to a moment; it is not told to those who listen second by second. */
export function Countdown({ until, say, onOver }: CountdownProps): JSX.Element {
  const leftSeconds = Math.max(0, Math.floor((Date.parse(until) - everySecondMs.value) / 1000));
  const isOver = leftSeconds === 0;
  useEffect(() => {
    if (isOver) onOver();
  }, [isOver]);
  return <p role="timer" aria-live="off">{say(isolated(formatSpan(leftSeconds)))}</p>;
}
