import type { JSX } from 'preact';
import type { Alarm } from '../api/shapes.ts';
import { words } from '../words/words.ts';
import type { IconName } from './icon.tsx';
import { Status, type Tone } from './status.tsx';

const LOOKS: Record<Alarm['severity'], { tone: Tone; icon: IconName }> = {
  critical: { tone: 'bad', icon: 'critical' },
  warning: { tone: 'warn', icon: 'alarm' },
  info: { tone: 'calm', icon: 'info' },
};

/** How bad an alarm is. */
export const SeverityStatus = ({ severity }: Pick<Alarm, 'severity'>): JSX.Element => <Status {...LOOKS[severity]}>{words.value.alarms.severities[severity]}</Status>;
