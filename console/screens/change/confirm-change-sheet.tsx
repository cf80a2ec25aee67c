import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Config, Values } from '../../api/shapes.ts';
import type { Changes } from '../../change/changes.ts';
import { obstacleTo } from '../../change/obstacle.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { formatRange, formatSetting, nameOf } from '../../format/values.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { OldNew } from '../../parts/old-new.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { Ago } from '../../parts/text.tsx';
import { words } from '../../words/words.ts';
import { parameterOf } from './change-text.ts';
import { ObstacleNote } from './obstacle-note.tsx';
import './change.css';

type ConfirmChangeProps = {
  farm: Farm;
  changes: Changes;
  feeder: FeederEntry;
  /** What is to be changed, against the config that is shown while it is filled in. */
  wanted: Values;
  config: Config;
  onClose: () => void;
  onSent: () => void;
};

/** Shows old → new with what the feeder takes and how old the old is, and sends it for exactly these settings. */
export function ConfirmChangeSheet({ farm, changes, feeder, wanted, config, onClose, onSent }: ConfirmChangeProps): JSX.Element {
  const [seen] = useState(config);
  const [prepared] = useState(() => changes.prepare(feeder.feederId, { kind: 'set-config', changes: wanted }, seen));
  const { common, change, names, feeder: said } = words.value;
  const { name, profile, timeZone, config: now } = feeder.facts.value;
  const obstacle = obstacleTo(farm.link.value, feeder.facts.value);
  const waits = changes.pendingOf(feeder.feederId).some(({ order }) => order.kind !== 'feed-now' && order.kind !== 'clear-alarms');
  return (
    <Sheet
      title={change.settings.title(isolated(name))}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button
            kind="main"
            icon="check"
            disabled={obstacle !== undefined || waits}
            onClick={() => {
              changes.send(prepared);
              onSent();
            }}
          >
            {change.settings.confirm}
          </Button>
        </>
      }
    >
      <ul class="change-rows" aria-label={change.settings.caption}>
        {Object.entries(wanted).map(([setting, value]) => {
          const parameter = parameterOf(profile, setting);
          const range = parameter && formatRange(parameter);
          return (
            <li key={setting}>
              <span class="change-name">{nameOf(setting)}</span>
              <OldNew old={formatSetting(setting, seen.values[setting], parameter)} now={formatSetting(setting, value, parameter)} />
              {range !== undefined && <span class="hint">{said.config.takes(isolated(range))}</span>}
            </li>
          );
        })}
      </ul>
      <p class="quiet">{change.settings.asOf} <Ago at={seen.readAt} timeZone={timeZone} often /> ({names.sources[seen.source]})</p>
      {obstacle !== undefined && <ObstacleNote obstacle={obstacle} />}
      {waits && <p class="note note-warn"><Icon name="pending" /><span>{change.settings.waits}</span></p>}
      {now !== null && now.version !== seen.version && !waits && <p class="note note-warn"><Icon name="alarm" /><span>{change.settings.wasChanged}</span></p>}
    </Sheet>
  );
}
