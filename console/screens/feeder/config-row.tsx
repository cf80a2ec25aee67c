import type { JSX } from 'preact';
import type { Parameter, Value } from '../../api/shapes.ts';
import { pendingFor, type Pending } from '../../change/pending.ts';
import { isolated } from '../../format/isolate.ts';
import { formatRange, formatSetting, nameOf } from '../../format/values.ts';
import { Status } from '../../parts/status.tsx';
import { Amount } from '../../parts/text.tsx';
import { words } from '../../words/words.ts';

type ConfigRowProps = { name: string; held: Value | undefined; parameter: Parameter | undefined; pending: readonly Pending[] };

/** A setting as the PLC holds it. What was asked for is marked as such beside it, until it is read back. */
export function ConfigRow({ name, held, parameter, pending }: ConfigRowProps): JSX.Element {
  const { feeder: said, change } = words.value;
  const range = parameter && formatRange(parameter);
  const asked = pendingFor(pending, name);
  return (
    <div class={asked ? 'setting setting-pending' : 'setting'}>
      <dt>{nameOf(name)}</dt>
      <dd>
        <span class="setting-value"><Amount>{formatSetting(name, held, parameter)}</Amount></span>
        {asked && (
          <Status tone="pending" icon="pending">
            {[
              change.willBe(isolated(formatSetting(name, asked.value, parameter))),
              change.standings[asked.change.standing],
              asked.change.by === undefined ? undefined : change.by(isolated(asked.change.by)),
            ]
              .filter((text) => text !== undefined)
              .join(' · ')}
          </Status>
        )}
        {range !== undefined && <span class="hint">{said.config.takes(isolated(range))}</span>}
      </dd>
    </div>
  );
}
