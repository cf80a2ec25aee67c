import type { JSX } from 'preact';
import type { Alarm } from '../api/shapes.ts';
import { words } from '../words/words.ts';
import { SEVERITY_LOOKS } from './severity-looks.ts';
import { Status } from './status.tsx';

/** How bad an alarm is. */
export const SeverityStatus = ({ severity }: Pick<Alarm, 'severity'>): JSX.Element => <Status {...SEVERITY_LOOKS[severity]}>{words.value.alarms.severities[severity]}</Status>;
