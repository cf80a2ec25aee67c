import { useRef, useState } from 'preact/hooks';
import type { Asked, Failure } from '../api/client.ts';

export type Sending = {
  isSending: boolean;
  /** Why it did not work the last time. */
  failure: Failure | undefined;
  /** Sends once: while an answer is awaited, a second press does nothing. */
  send: <T>(call: () => Promise<Asked<T>>, onDone: (data: T) => void) => void;
};

/** Something that a press of a button sends, and what became of it. */
export function useSending(): Sending {
  const [condition, setCondition] = useState<{ isSending: boolean; failure: Failure | undefined }>({ isSending: false, failure: undefined });
  // State is drawn later; two presses may come before that.
  const isUnderWay = useRef(false);
  return {
    ...condition,
    send: (call, onDone) => {
      if (isUnderWay.current) return;
      isUnderWay.current = true;
      setCondition({ isSending: true, failure: undefined });
      void call().then((answer) => {
        isUnderWay.current = false;
        setCondition({ isSending: false, failure: answer.ok ? undefined : answer.failure });
        if (answer.ok) onDone(answer.data);
      });
    },
  };
}
