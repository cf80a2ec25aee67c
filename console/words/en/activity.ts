import { plural } from '../plural.ts';

const count = plural('en');

/** What happens on the farm, as a list of sentences. Names and amounts come with their direction isolated. */
export const activity = {
  list: 'What happened, newest first',
  filters: 'What to show',
  types: { presence: 'Connection', command: 'Commands', config: 'Settings', meal: 'Meals', alarm: 'Alarms' },
  site: 'Site',
  allSites: 'All sites',
  feeder: 'Feeder',
  feederHint: 'A part of its name or id',
  hold: 'Hold the list',
  release: 'Go on',
  newer: (more: number) => count(more, { one: '# new', other: '# new' }),
  heardNew: (more: number) => count(more, { one: '# new entry', other: '# new entries' }),
  held: 'The list is held: it does not move. Outcomes of the commands in it are still shown.',
  empty: 'Nothing has happened in the two hours before this page was opened, nor since.',
  noneMatch: 'Nothing that happened matches.',
  showAll: 'Show everything',
  linkLost: 'The list stops where the link was lost. What happens meanwhile is shown when it is back.',
  /** Of a command that leaves nothing to be held. */
  carriedOut: 'done by the PLC',
  changed: { from: 'from', to: 'to' },
  sentences: {
    online: 'Came online.',
    offline: (why: string) => `Went offline: ${why}.`,
    changes: (who: string) => `${who} asked to change settings.`,
    pause: (who: string) => `${who} asked to pause feeding.`,
    resume: (who: string) => `${who} asked to resume feeding.`,
    feedNow: (who: string, grams: string) => `${who} asked to feed ${grams} now.`,
    clearAlarms: (who: string) => `${who} asked to clear the alarms.`,
    configLocal: 'Settings were changed on the panel.',
    configStart: 'The agent started and read the settings.',
    meal: (grams: string, source: string) => `Fed ${grams}, ${source}.`,
    mealOf: (grams: string, planned: string, source: string) => `Fed ${grams} of ${planned} planned, ${source}.`,
    meals: (meals: number, grams: string) => `${count(meals, { one: '# meal', other: '# meals' })}, ${grams} together.`,
    booked: 'Found by the counters of the PLC.',
    alarmRaised: (alarm: string) => `Alarm: ${alarm}.`,
    alarmAcknowledged: (alarm: string, who: string) => `${who} has seen the alarm: ${alarm}.`,
    alarmOver: (alarm: string) => `Alarm over: ${alarm}.`,
  },
};
