import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { askedToDo } from '../../api/client.ts';
import type { Farm } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { useSending } from '../../parts/use-sending.ts';
import { api } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { FormFailure } from './form-failure.tsx';

type RemoveFeederSheetProps = { farm: Farm; feeder: { feederId: string; name: string }; onRemoved: (done: string) => void; onClose: () => void };

/** Removes a feeder once its id was typed; while a command of it has no outcome, only who is told of that may insist. */
export function RemoveFeederSheet({ farm, feeder: { feederId, name }, onRemoved, onClose }: RemoveFeederSheetProps): JSX.Element {
  const { admin, common } = words.value;
  const formId = useId();
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const { isSending, failure, send } = useSending();
  const isPending = failure?.kind === 'problem' && failure.problem.code === 'command-pending';

  const submit = (): void => {
    const isRight = typed.trim() === feederId;
    setWrong(!isRight);
    if (!isRight) return;
    const query = { force: isPending };
    send(() => askedToDo(() => api.DELETE('/feeders/{feederId}', { params: { path: { feederId }, query } })), () => onRemoved(words.value.admin.remove.done(isolated(name))));
  };

  return (
    <Sheet
      title={admin.remove.title(isolated(name))}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button kind="danger" icon="remove" type="submit" form={formId} disabled={isSending || !farm.canChange.value}>
            {isSending ? admin.sending : isPending ? admin.remove.force : admin.remove.confirm}
          </Button>
        </>
      }
    >
      <p>{admin.remove.about}</p>
      <form
        id={formId}
        class="admin-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label={admin.remove.typeId(isolated(feederId))} error={isWrong ? admin.remove.typeIdWrong : undefined}>
          {(control) => (
            <input {...control} dir="ltr" autoComplete="off" autoCapitalize="off" spellcheck={false} value={typed} onInput={({ currentTarget }) => setTyped(currentTarget.value)} />
          )}
        </Field>
      </form>
      {isPending ? <p class="note note-bad" role="alert">{admin.remove.pending}</p> : <FormFailure failure={failure} wrong={{}} />}
      {!farm.canChange.value && <p class="note note-warn">{admin.linkNeeded}</p>}
    </Sheet>
  );
}
