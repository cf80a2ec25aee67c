import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { isEditable } from '../../change/draft.ts';
import type { Changes } from '../../change/changes.ts';
import { obstacleTo } from '../../change/obstacle.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { Button } from '../../parts/button.tsx';
import { Ago } from '../../parts/text.tsx';
import { may } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { ConfigForm } from './config-form.tsx';
import { ConfigRow } from './config-row.tsx';

/** What the PLC holds, with how old that is; for those who may, changed by a form. */
export function ConfigSection({ farm, changes, feeder }: { farm: Farm; changes: Changes; feeder: FeederEntry }): JSX.Element {
  const [isEditing, setEditing] = useState(changes.drafts.has(feeder.feederId));
  const heading = useRef<HTMLHeadingElement>(null);
  const endEditing = (): void => {
    setEditing(false);
    changes.drafts.delete(feeder.feederId);
    // The form is gone, and the focus would be with it.
    requestAnimationFrame(() => heading.current?.focus());
  };
  const { feeder: said, names, change } = words.value;
  const facts = feeder.facts.value;
  const { config, profile, timeZone } = facts;
  const obstacle = obstacleTo(farm.link.value, facts);
  const pending = changes.pendingOf(feeder.feederId);
  const parameters = profile?.parameters ?? [];
  const editable = may('operator') ? parameters.filter(isEditable) : [];
  return (
    <section class="card feeder-card" aria-labelledby="config-title">
      <h2 id="config-title" ref={heading} tabIndex={-1}>{said.sections.config}</h2>
      {config === null ? <p class="quiet">{said.config.none}</p> : (
        <p class="quiet">{said.config.readAt} <Ago at={config.readAt} timeZone={timeZone} often /> ({names.sources[config.source]})</p>
      )}
      {config !== null && isEditing && profile ? (
        <ConfigForm farm={farm} changes={changes} feeder={feeder} profile={profile} config={config} parameters={editable} onDone={endEditing} />
      ) : (
        <>
          <dl class="settings">
            {settingNames(parameters.map(({ name }) => name), config?.values).map((name) => (
              <ConfigRow
                key={name}
                name={name}
                held={config?.values[name]}
                parameter={parameters.find((each) => each.name === name)}
                pending={pending}
              />
            ))}
          </dl>
          {config !== null && profile === null && <p class="quiet">{said.config.noProfile}</p>}
          {config !== null && editable.length > 0 && (
            <div class="feeder-foot">
              <Button icon="edit" disabled={obstacle !== undefined} describedBy={obstacle && 'config-obstacle'} onClick={() => setEditing(true)}>{said.config.edit}</Button>
              {obstacle !== undefined && <p class="quiet" id="config-obstacle">{change.cannot[obstacle]}</p>}
            </div>
          )}
        </>
      )}
    </section>
  );
}

/** Of all settings, as the profile lists them; of a feeder without one, as its PLC told them. */
const settingNames = (inProfile: readonly string[], values: Readonly<Record<string, unknown>> | undefined): readonly string[] => [
  ...new Set([...inProfile, ...Object.keys(values ?? {})]),
];
