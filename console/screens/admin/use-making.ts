import { useState } from 'preact/hooks';
import type { Asked, Failure } from '../../api/client.ts';
import { useSending } from '../../parts/use-sending.ts';
import { wrongFieldsOf, type WrongFields } from './wrong-fields.ts';

export type Making<T> = {
  /** What was made; it is held here and nowhere else. */
  made: T | undefined;
  isSending: boolean;
  failure: Failure | undefined;
  wrong: WrongFields;
  /** Has it made, unless something is known to be wrong already. */
  make: (wrong: WrongFields, call: () => Promise<Asked<T>>) => void;
};

/** Something that a form has the bridge make, and which fields it did not take. */
export function useMaking<T>(onMade: () => void): Making<T> {
  const [made, setMade] = useState<T>();
  const [ownWrong, setOwnWrong] = useState<WrongFields>({});
  const [theirWrong, setTheirWrong] = useState<WrongFields>({});
  const { isSending, failure, send } = useSending();
  const isOwnWrong = Object.keys(ownWrong).length > 0;
  return {
    made,
    isSending,
    failure,
    wrong: isOwnWrong ? ownWrong : theirWrong,
    make: (wrong, call) => {
      setOwnWrong(wrong);
      setTheirWrong({});
      if (Object.keys(wrong).length > 0) return;
      const tell = async (): Promise<Asked<T>> => {
        const answer = await call();
        if (!answer.ok) setTheirWrong(wrongFieldsOf(answer.failure));
        return answer;
      };
      send(tell, (data) => {
        setMade(() => data);
        onMade();
      });
    },
  };
}
