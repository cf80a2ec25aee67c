import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Command } from '../../api/shapes.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { Field } from '../../parts/field.tsx';
import { PagedList } from '../../parts/paged-list.tsx';
import { words } from '../../words/words.ts';
import { LedgerRow } from './ledger-row.tsx';
import { useLedger } from './use-ledger.ts';
import './ledger.css';

const STATES: readonly Command['state'][] = ['sent', 'unresolved', 'applied', 'rejected', 'refused', 'expired', 'superseded', 'indeterminate'];

/** Who asked what of the feeder, and what became of it. */
export function LedgerSection({ farm, feeder }: { farm: Farm; feeder: FeederEntry }): JSX.Element {
  const { ledger, names } = words.value;
  const { profile, timeZone } = feeder.facts.value;
  const [state, setState] = useState<Command['state']>();
  const { pages, more, again } = useLedger(farm, feeder.feederId, state);
  return (
    <section class="ledger" aria-labelledby="ledger-title">
      <header class="ledger-bar">
        <h2 id="ledger-title">{ledger.title}</h2>
        <Field label={ledger.filter}>
          {(control) => (
            <select {...control} value={state ?? ''} onChange={(event) => setState(STATES.find((each) => each === event.currentTarget.value))}>
              <option value="">{ledger.allStates}</option>
              {STATES.map((each) => <option key={each} value={each}>{names.states[each]}</option>)}
            </select>
          )}
        </Field>
      </header>
      <PagedList pages={pages} onMore={more} onRetry={again} empty={state === undefined ? ledger.none : ledger.noneInState}>
        {(items) => (
          <div class="ledger-table">
            <div class="ledger-titles" aria-hidden="true">
              {[ledger.when, ledger.who, ledger.what, ledger.outcome, ledger.latency].map((title) => <span key={title}>{title}</span>)}
            </div>
            <ol>{items.map((command) => <LedgerRow key={command.commandId} command={command} profile={profile} timeZone={timeZone} />)}</ol>
          </div>
        )}
      </PagedList>
    </section>
  );
}
