import type { JSX } from 'preact';
import { fragmentOf } from '../../device/route.ts';
import type { Standing } from '../../fleet/standing.ts';
import { Id, Own } from '../../parts/text.tsx';

/** A feeder's name, which leads to it. */
export const FeederLink = ({ standing: { feederId, name } }: { standing: Standing }): JSX.Element => (
  <a class="feeder-link" href={fragmentOf({ screen: 'feeder', feederId })}><Own>{name}</Own></a>
);

/** Its id and where it is. */
export const FeederWhere = ({ standing: { feederId, site } }: { standing: Standing }): JSX.Element => (
  <p class="where quiet"><Id>{feederId}</Id> · <Own>{site}</Own></p>
);
