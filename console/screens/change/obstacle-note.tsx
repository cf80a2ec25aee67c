import type { JSX } from 'preact';
import type { Obstacle } from '../../change/obstacle.ts';
import { Icon } from '../../parts/icon.tsx';
import { words } from '../../words/words.ts';

/** Says why nothing can be sent, and what one can do instead. */
export const ObstacleNote = ({ obstacle, id }: { obstacle: Obstacle; id?: string }): JSX.Element => (
  <p class="note note-warn" id={id}>
    <Icon name={obstacle === 'linkLost' ? 'linkLost' : obstacle === 'offline' ? 'offline' : 'plcLost'} />
    <span>{words.value.change.cannot[obstacle]}</span>
  </p>
);
