import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { words } from '../words/words.ts';
import { FailureNote } from './failure-note.tsx';

/** A part of the page that is loaded when it is first shown: not everybody needs it. */
export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>): (props: Props) => JSX.Element {
  return function Lazily(props: Props): JSX.Element {
    const [loaded, setLoaded] = useState<{ Part: ComponentType<Props> } | 'loading' | 'failed'>('loading');
    useEffect(() => {
      if (loaded !== 'loading') return;
      load().then((Part) => setLoaded({ Part }), () => setLoaded('failed'));
    }, [loaded]);
    if (loaded === 'loading') return <p role="status">{words.value.common.loading}</p>;
    if (loaded === 'failed') return <FailureNote failure={{ kind: 'no-answer' }} onRetry={() => setLoaded('loading')} />;
    return <loaded.Part {...props} />;
  };
}
