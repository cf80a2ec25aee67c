import type { ComponentChildren, JSX } from 'preact';
import { feedingState } from '../../change/pending.ts';
import type { FeederOverview } from '../../api/shapes.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { formatGrams, formatNumber } from '../../format/numbers.ts';
import { formatDateTime, formatTime } from '../../format/times.ts';
import { PlcStatus, PresenceStatus, Status } from '../../parts/status.tsx';
import { Ago, Amount } from '../../parts/text.tsx';
import { words } from '../../words/words.ts';
import { Readings } from './readings.tsx';

/** How the feeder is now: its link, whether it feeds, what it has fed today and what is left, and its latest readings. */
export function NowSection({ farm, feeder }: { farm: Farm; feeder: FeederEntry }): JSX.Element {
  const { feeder: said, common } = words.value;
  const { presence, plc, timeZone, config } = feeder.facts.value;
  const overview = feeder.overview.value;
  return (
    <section class="card feeder-card" aria-labelledby="now-title">
      <h2 id="now-title">{said.sections.now}</h2>
      <dl class="facts">
        <Fact name={said.now.link}>
          <PresenceStatus presence={presence} /> <PresentSince overview={overview} presence={presence} timeZone={timeZone} />
        </Fact>
        <Fact name={said.now.plc}><PlcStatus plc={plc} /></Fact>
        <Fact name={said.now.feeding}><Feeding held={config?.values['feedingEnabled']} /></Fact>
        {overview === undefined ? <Fact name={said.now.today}><span class="quiet">{common.loading}</span></Fact> : <Amounts overview={overview} timeZone={timeZone} />}
      </dl>
      <Readings farm={farm} feeder={feeder} />
    </section>
  );
}

const Fact = ({ name, children }: { name: string; children: ComponentChildren }): JSX.Element => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** What the PLC holds, and nothing that is only asked for. */
function Feeding({ held }: { held: boolean | number | undefined }): JSX.Element {
  const { names, common } = words.value;
  const state = feedingState(held, []);
  if (state === 'unknown') return <Status tone="calm" icon="unknown">{common.unknown}</Status>;
  return state === 'paused' ? <Status tone="warn" icon="pause">{names.feedingOff}</Status> : <Status tone="good" icon="resume">{names.feedingOn}</Status>;
}

/** Since when it has been so: the overview tells of the last 24 hours. */
function PresentSince({ overview, presence, timeZone }: { overview: FeederOverview | undefined; presence: 'online' | 'offline'; timeZone: string }): JSX.Element | null {
  const { now } = words.value.feeder;
  const last = overview?.presence.at(-1);
  if (overview === undefined || last?.state !== presence) return null;
  const isOlder = Date.parse(overview.at) - Date.parse(last.from) >= DAY_MS - SLACK_MS;
  return <span class="quiet">{isOlder ? now.dayOrMore : <>{now.since} <bdi>{formatTime(last.from, timeZone)}</bdi> (<Ago at={last.from} timeZone={timeZone} />)</>}</span>;
}

const DAY_MS = 24 * 3_600_000;
const SLACK_MS = 60_000;

function Amounts({ overview: { today, hopper, lastMeal }, timeZone }: { overview: FeederOverview; timeZone: string }): JSX.Element {
  const { feeder: said, common, names } = words.value;
  const { now } = said;
  const fed = isolated(formatGrams(today.fedGrams));
  return (
    <>
      <Fact name={now.today}>
        {today.plannedGrams === null ? <>{fed} <span class="quiet">({now.noPlan})</span></> : now.ofPlan(fed, isolated(formatGrams(today.plannedGrams)))}
        {today.plannedSoFarGrams !== null && <span class="quiet"> · {now.dueByNow(isolated(formatGrams(today.plannedSoFarGrams)))}</span>}
      </Fact>
      <Fact name={now.lastFed}>
        {lastMeal === null ? common.never : <><Ago at={lastMeal.at} timeZone={timeZone} />, <Amount>{formatGrams(lastMeal.grams)}</Amount>, {names.mealSources[lastMeal.source]}</>}
      </Fact>
      <Fact name={now.hopper}>
        {hopper.grams === null ? now.hopperUnknown : <Amount>{formatGrams(hopper.grams)}</Amount>}
        {hopper.daysLeft !== null && <> · {now.lasts(isolated(now.days(formatNumber(hopper.daysLeft, { maximumFractionDigits: 1 }))))}</>}
        {hopper.emptyAt !== null && <span class="quiet"> · {now.emptyOn} <bdi>{formatDateTime(hopper.emptyAt, timeZone)}</bdi></span>}
      </Fact>
    </>
  );
}
