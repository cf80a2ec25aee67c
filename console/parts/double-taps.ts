import { useEffect, useState } from 'preact/hooks';

/** Longer than it takes to tap once more without having looked. */
const SETTLE_MS = 700;

/** Whether what is shown has been there long enough to be answered; it has not when `step` has just become another. */
export function useSettled(step: string): boolean {
  const [settled, setSettled] = useState<string>();
  useEffect(() => {
    const timer = setTimeout(() => setSettled(step), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [step]);
  return settled === step;
}

/** Keeps a finger's second tap on what has just gone from falling on what was behind it. A mouse is aimed; a finger is in the way. */
export function shieldPage(): void {
  const swallow = (event: MouseEvent): void => {
    if (!(event instanceof PointerEvent) || event.pointerType !== 'touch') return;
    event.preventDefault();
    event.stopPropagation();
  };
  addEventListener('click', swallow, { capture: true });
  setTimeout(() => removeEventListener('click', swallow, { capture: true }), SETTLE_MS);
}
