import type { JSX } from 'preact';
import type { Feeder } from '../api/shapes.ts';
import { words } from '../words/words.ts';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'good' | 'bad' | 'warn' | 'calm' | 'pending';

/** A condition by its icon and its word, and its colour besides. */
export const Status = ({ tone, icon, children }: { tone: Tone; icon: IconName; children: string }): JSX.Element => (
  <span class={`status status-${tone}`}>
    <Icon name={icon} />
    <span>{children}</span>
  </span>
);

export const PresenceStatus = ({ presence }: Pick<Feeder, 'presence'>): JSX.Element => (
  <Status tone={presence === 'online' ? 'good' : 'bad'} icon={presence}>{words.value.names.presence[presence]}</Status>
);

const PLC: Record<Feeder['plc'], { tone: Tone; icon: IconName }> = {
  ok: { tone: 'good', icon: 'plc' },
  unreachable: { tone: 'bad', icon: 'plcLost' },
  unknown: { tone: 'calm', icon: 'unknown' },
};

export const PlcStatus = ({ plc }: Pick<Feeder, 'plc'>): JSX.Element => <Status {...PLC[plc]}>{words.value.names.plc[plc]}</Status>;
