import { toInstant } from '../topics/identifiers.ts';
import { FEEDERS, LOST_HOURS_AGO, SITES, type Condition, type DemoSite } from './farm.ts';

export type Running = { url: string; adminKey: string; signInCode: string; plcPorts: ReadonlyMap<string, number>; days: number; nowMs: number };

const SHOWN_FEEDER = 'pond-1';

/** What the demo says once everything runs: how to look at it, and how to change it. */
export function welcome({ url, adminKey, signInCode, plcPorts, days, nowMs }: Running): string {
  const since = toInstant(nowMs - days * 86_400_000);
  return `
Feederbridge is running: ${FEEDERS.length} feeders on ${SITES.length} sites, with simulated PLCs (Modbus TCP). Open the console:

  ${url}/#sign-in=${signInCode}

${SITES.map((site) => shownSite(site, plcPorts)).join('\n')}

  address    ${url}
  admin key  ${adminKey}

Change what the PLC holds; the answer comes when it was written and read back:

  curl -i -X PATCH ${url}/api/v1/feeders/${SHOWN_FEEDER}/config -H 'Authorization: Bearer ${adminKey}' -H 'Content-Type: application/json' -d '{"mealGrams": 120}'

Look at the last ${days} days (made up, up to the start of this): readings by the hour, meals as a table, and what happens from now on:

  curl '${url}/api/v1/feeders/${SHOWN_FEEDER}/readings?bucket=1h&from=${since}' -H 'Authorization: Bearer ${adminKey}'
  curl '${url}/api/v1/feeders/${SHOWN_FEEDER}/meals?from=${since}' -H 'Authorization: Bearer ${adminKey}' -H 'Accept: text/csv'
  curl -N ${url}/api/v1/events -H 'Authorization: Bearer ${adminKey}'

Ctrl-C stops everything.`;
}

const shownSite = ({ site, feeders }: DemoSite, plcPorts: ReadonlyMap<string, number>): string =>
  feeders.map(({ feederId, name, condition }) => `  ${site.padEnd(10)} ${feederId.padEnd(8)} ${name.padEnd(18)} ${howItIs(condition, plcPorts.get(feederId))}`).join('\n');

function howItIs(condition: Condition, plcPort: number | undefined): string {
  const plc = `its PLC is on 127.0.0.1:${plcPort}`;
  switch (condition) {
    case 'well':
      return plc;
    case 'jammed':
      return `${plc}; its motor is stuck, until its alarms are cleared`;
    case 'lost':
      return `offline for ${LOST_HOURS_AGO} hours`;
  }
}
