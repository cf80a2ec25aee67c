/** How a feeder of the demo is when it starts: as it should be, with its motor stuck in the middle of a meal, or away since some hours. */
export type Condition = 'well' | 'jammed' | 'lost';

export type DemoFeeder = { feederId: string; name: string; condition: Condition };
/** A farm with a past; the same seed gives the same kind of past. */
export type DemoSite = { site: string; seed: number; feeders: readonly DemoFeeder[] };

/** How long the link of a feeder that is lost has been silent. */
export const LOST_HOURS_AGO = 5;

/** Of all weeks some in which much happens. */
export const SITES: readonly DemoSite[] = [
  {
    site: 'demo',
    seed: 36,
    feeders: [
      { feederId: 'pond-1', name: 'Upper pond', condition: 'well' },
      { feederId: 'pond-2', name: 'Mill pond', condition: 'well' },
      { feederId: 'pond-3', name: 'Long pond', condition: 'jammed' },
      { feederId: 'pond-4', name: 'Pond by the road', condition: 'lost' },
    ],
  },
  {
    site: 'hatchery',
    seed: 3,
    feeders: [
      { feederId: 'tank-1', name: 'Fry tank, left', condition: 'well' },
      { feederId: 'tank-2', name: 'Fry tank, right', condition: 'well' },
    ],
  },
];

/** All feeders, and those whose agent runs. */
export const FEEDERS = SITES.flatMap(({ feeders }) => feeders);
export const PRESENT_FEEDERS = FEEDERS.filter(({ condition }) => condition !== 'lost');
