import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Filters } from '../../parts/filters.tsx';
import { words } from '../../words/words.ts';
import { actionText } from './audit-text.ts';
import { auditQuery, NO_AUDIT_FILTER, type AuditFilter, type AuditQuery } from './audit-query.ts';

const RESULTS = ['done', 'refused', 'indeterminate'] as const;

type AuditFilterFormProps = { feederIds: readonly string[]; onAsk: (query: AuditQuery) => void };

/** What of the audit is shown. It is asked for by a press, not while one types. */
export function AuditFilterForm({ feederIds, onAsk }: AuditFilterFormProps): JSX.Element {
  const { audit } = words.value.admin;
  const { common } = words.value;
  const [filter, setFilter] = useState<AuditFilter>(NO_AUDIT_FILTER);
  const [isBadSpan, setBadSpan] = useState(false);
  const feederListId = useId();
  const ask = (asked: AuditFilter): void => {
    setFilter(asked);
    const query = auditQuery(asked);
    setBadSpan(query === undefined);
    if (query !== undefined) onAsk(query);
  };
  const active = [filter.feeder.trim(), filter.action && actionText(filter.action), filter.author.trim(), filter.result && audit.results[filter.result], filter.fromDay, filter.toDay].filter((each) => each !== '');
  const asId = { dir: 'ltr', autoComplete: 'off', autoCapitalize: 'off', spellcheck: false } as const;
  return (
    <Filters label={audit.filters} active={active}>
      <form
        class="audit-filters"
        aria-label={audit.filters}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          ask(filter);
        }}
      >
        <Field label={audit.feeder}>
          {(control) => (
            <>
              <input {...control} {...asId} list={feederListId} value={filter.feeder} onInput={({ currentTarget }) => setFilter({ ...filter, feeder: currentTarget.value })} />
              <datalist id={feederListId}>{feederIds.map((feederId) => <option key={feederId} value={feederId} />)}</datalist>
            </>
          )}
        </Field>
        <Field label={audit.action}>
          {(control) => (
            <select {...control} value={filter.action} onChange={({ currentTarget }) => setFilter({ ...filter, action: currentTarget.value })}>
              <option value="">{common.all}</option>
              {Object.entries(audit.actions).map(([action, text]) => <option key={action} value={action}>{text}</option>)}
            </select>
          )}
        </Field>
        <Field label={audit.author}>
          {(control) => (
            <input
              {...control}
              dir="auto"
              autoComplete="off"
              placeholder={audit.authorHint}
              value={filter.author}
              onInput={({ currentTarget }) => setFilter({ ...filter, author: currentTarget.value })}
            />
          )}
        </Field>
        <Field label={audit.result}>
          {(control) => (
            <select {...control} value={filter.result} onChange={({ currentTarget }) => setFilter({ ...filter, result: RESULTS.find((each) => each === currentTarget.value) ?? '' })}>
              <option value="">{common.all}</option>
              {RESULTS.map((result) => <option key={result} value={result}>{audit.results[result]}</option>)}
            </select>
          )}
        </Field>
        <Field label={audit.from}>
          {(control) => <input {...control} type="date" value={filter.fromDay} onInput={({ currentTarget }) => setFilter({ ...filter, fromDay: currentTarget.value })} />}
        </Field>
        <Field label={audit.to} error={isBadSpan ? audit.badSpan : undefined}>
          {(control) => <input {...control} type="date" value={filter.toDay} onInput={({ currentTarget }) => setFilter({ ...filter, toDay: currentTarget.value })} />}
        </Field>
        <div class="choices">
          <Button kind="main" type="submit" icon="search">{audit.apply}</Button>
          <Button onClick={() => ask(NO_AUDIT_FILTER)}>{audit.clear}</Button>
        </div>
      </form>
    </Filters>
  );
}
