import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { keyAsPasted } from '../../session/key-as-pasted.ts';
import { session, signInWith } from '../../session/session.ts';
import { words } from '../../words/words.ts';

/** Who one is by an API key. What is filled in leaves the page with the form. */
export function KeyForm(): JSX.Element {
  const { signIn } = words.value;
  const [key, setKey] = useState('');
  const [isShown, setShown] = useState(false);
  const [isMissing, setMissing] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const now = session.value;
  const isWrong = now.kind === 'signed-out' && now.why === 'wrong-key';
  useEffect(() => {
    if (!isWrong) return;
    input.current?.focus();
    input.current?.select();
  }, [now]);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (now.kind === 'checking') return;
        const asMeant = keyAsPasted(key);
        setMissing(asMeant === '');
        if (asMeant === '') input.current?.focus();
        else void signInWith(asMeant);
      }}
    >
      <Field label={signIn.key} hint={signIn.keyHint} error={isMissing ? signIn.keyMissing : isWrong ? signIn.wrongKey : undefined}>
        {(control) => (
          <div class="key-row">
            <input
              {...control}
              ref={input}
              {...(isShown ? { type: 'text' as const } : { type: 'password' as const })}
              dir="ltr"
              autoComplete="off"
              autoCapitalize="off"
              autoCorrect="off"
              spellcheck={false}
              value={key}
              onInput={(event) => {
                setKey(event.currentTarget.value);
                setMissing(false);
              }}
            />
            <Button icon={isShown ? 'hide' : 'show'} label={isShown ? signIn.hideKey : signIn.showKey} onClick={() => setShown(!isShown)} />
          </div>
        )}
      </Field>
      <Button kind="main" type="submit" disabled={now.kind === 'checking'}>{now.kind === 'checking' ? signIn.checking : signIn.submit}</Button>
    </form>
  );
}
