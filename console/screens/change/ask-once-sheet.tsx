import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Changes } from '../../change/changes.ts';
import { obstacleTo } from '../../change/obstacle.ts';
import { isSameOrder, type Order } from '../../change/order.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { Button } from '../../parts/button.tsx';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { words } from '../../words/words.ts';
import { ObstacleNote } from './obstacle-note.tsx';

type AskOnceProps = {
  farm: Farm;
  changes: Changes;
  feeder: FeederEntry;
  order: Order;
  title: string;
  text: string;
  action: string;
  icon: IconName;
  onClose: () => void;
};

/** Asks once whether an order is meant, and sends it. Where nothing can be sent, or the same is under way already, it says so. */
export function AskOnceSheet({ farm, changes, feeder, order, title, text, action, icon, onClose }: AskOnceProps): JSX.Element {
  const [prepared] = useState(() => changes.prepare(feeder.feederId, order));
  const obstacle = obstacleTo(farm.link.value, feeder.facts.value);
  const underWay = changes.pendingOf(feeder.feederId).find((each) => isSameOrder(each.order, order));
  const { common, change } = words.value;
  return (
    <Sheet
      title={title}
      onClose={onClose}
      actions={
        obstacle === undefined && underWay === undefined ? (
          <>
            <Button onClick={onClose}>{common.cancel}</Button>
            <Button
              kind="main"
              icon={icon}
              onClick={() => {
                changes.send(prepared);
                onClose();
              }}
            >
              {action}
            </Button>
          </>
        ) : (
          <Button kind="main" onClick={onClose}>{common.close}</Button>
        )
      }
    >
      {underWay === undefined && obstacle === undefined && <p>{text}</p>}
      {underWay !== undefined && <p class="note note-calm"><Icon name="pending" /><span>{change.orders.isUnderWay(change.standings[underWay.standing])}</span></p>}
      {obstacle !== undefined && <ObstacleNote obstacle={obstacle} />}
    </Sheet>
  );
}
