import type { JSX } from 'preact';
import type { EnrolledFeeder } from '../../api/shapes.ts';
import type { Farm } from '../../farm/farm.ts';
import { Copyable } from '../../parts/copyable.tsx';
import { words } from '../../words/words.ts';
import { ClaimCodeMaker } from './claim-code-maker.tsx';

/** How the agent of a feeder that was just enrolled comes by its token: best by a claim code, else from here. */
export function Enrolled({ farm, feeder }: { farm: Farm; feeder: EnrolledFeeder }): JSX.Element {
  const { admin } = words.value;
  return (
    <>
      <p>{admin.feeders.enrolledNext}</p>
      <ClaimCodeMaker farm={farm} feederId={feeder.feederId} />
      <details class="admin-details">
        <summary>{admin.feeders.tokenInstead}</summary>
        <Copyable label={admin.feeders.token} text={feeder.token} />
        <p>{admin.feeders.tokenPlace}</p>
        <p class="hint">{admin.onlyOnce}</p>
      </details>
    </>
  );
}
