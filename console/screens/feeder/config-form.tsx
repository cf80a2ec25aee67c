import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Config, Parameter, Profile, Values } from '../../api/shapes.ts';
import type { Changes } from '../../change/changes.ts';
import { review, type Draft } from '../../change/draft.ts';
import { obstacleTo } from '../../change/obstacle.ts';
import { settingsOf } from '../../change/order.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { formatNumber } from '../../format/numbers.ts';
import { Button } from '../../parts/button.tsx';
import { language } from '../../words/language.ts';
import { words } from '../../words/words.ts';
import { ConfirmChangeSheet } from '../change/confirm-change-sheet.tsx';
import { ConfigField } from './config-field.tsx';

type ConfigFormProps = {
  farm: Farm;
  changes: Changes;
  feeder: FeederEntry;
  profile: Profile;
  config: Config;
  parameters: readonly Parameter[];
  onDone: () => void;
};

/** Settings to be filled in. What comes of it is looked at before anything is sent. */
export function ConfigForm({ farm, changes, feeder, config, parameters, onDone }: ConfigFormProps): JSX.Element {
  const begun = changes.drafts.get(feeder.feederId);
  const [draft, setDraft] = useState<Draft>(begun ?? {});
  /** What is said below the fields; faults are told once a review was asked for, and not while one is still typing. */
  const [told, setTold] = useState<'nothing' | 'faults' | 'nothing-changed'>('nothing');
  const [wanted, setWanted] = useState<Values>();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // Whoever comes back to what was begun came for the screen.
    if (begun === undefined) form.current?.querySelector('input')?.focus();
  }, []);
  const { feeder: said, common, change } = words.value;
  const obstacle = obstacleTo(farm.link.value, feeder.facts.value);
  const waits = changes.pendingOf(feeder.feederId).some(({ order }) => Object.keys(settingsOf(order)).length > 0);
  const { changes: asked, faults } = review(draft, parameters, config.values, language.value);
  const goOn = (): void => {
    if (obstacle !== undefined || waits) return;
    if (faults.size > 0) {
      setTold('faults');
      // By then each field says whether it is wrong.
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
    } else if (Object.keys(asked).length === 0) setTold('nothing-changed');
    else {
      setTold('nothing');
      setWanted(asked);
    }
  };
  return (
    <>
      <form
        ref={form}
        class="config-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          goOn();
        }}
      >
        {parameters.map((parameter) => (
          <ConfigField
            key={parameter.name}
            parameter={parameter}
            held={config.values[parameter.name]}
            typed={draft[parameter.name]}
            fault={told === 'faults' ? faults.get(parameter.name) : undefined}
            onTyped={(typed) => {
              const filledIn = { ...draft, [parameter.name]: typed };
              changes.drafts.set(feeder.feederId, filledIn);
              setDraft(filledIn);
              if (told === 'nothing-changed') setTold('nothing');
            }}
          />
        ))}
        <div class="feeder-foot config-foot">
          <p class={told === 'faults' ? 'error' : 'quiet'} role="status">
            {told === 'faults' && faults.size > 0 && said.config.faults(isolated(formatNumber(faults.size)))}
            {told === 'nothing-changed' && said.config.nothingChanged}
          </p>
          {(obstacle !== undefined || waits) && <p class="warn" id="config-obstacle">{obstacle === undefined ? said.config.wait : change.cannot[obstacle]}</p>}
          <Button onClick={onDone}>{common.cancel}</Button>
          <Button kind="main" type="submit" disabled={obstacle !== undefined || waits} describedBy={obstacle !== undefined || waits ? 'config-obstacle' : undefined}>
            {said.config.review}
          </Button>
        </div>
      </form>
      {wanted && (
        <ConfirmChangeSheet farm={farm} changes={changes} feeder={feeder} wanted={wanted} config={config} onClose={() => setWanted(undefined)} onSent={onDone} />
      )}
    </>
  );
}
