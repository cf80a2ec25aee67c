import type { Alarm } from '../api/shapes.ts';
import type { IconName } from './icon.tsx';
import type { Tone } from './status.tsx';

/** How each severity of an alarm looks, wherever it is shown. */
export const SEVERITY_LOOKS: Record<Alarm['severity'], { tone: Tone; icon: IconName }> = {
  critical: { tone: 'bad', icon: 'critical' },
  warning: { tone: 'warn', icon: 'alarm' },
  info: { tone: 'calm', icon: 'info' },
};
