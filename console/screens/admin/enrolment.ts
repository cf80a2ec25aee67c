import { isId, isName, isTimeZone, type WrongFields } from './wrong-fields.ts';

/** What is filled in to enrol a feeder. */
export type Enrolment = { feederId: string; name: string; site: string; timeZone: string };

/** What is sent: without the spaces that a keyboard leaves around it. */
export const tidied = ({ feederId, name, site, timeZone }: Enrolment): Enrolment => ({
  feederId: feederId.trim(),
  name: name.trim(),
  site: site.trim(),
  timeZone: timeZone.trim(),
});

/** Which of it the bridge would not take. */
export function wrongIn({ feederId, name, site, timeZone }: Enrolment): WrongFields {
  return {
    ...(!isId(feederId) && { feederId: 'feederId' as const }),
    ...(!isName(name) && { name: 'name' as const }),
    ...(!isId(site) && { site: 'site' as const }),
    ...(!isTimeZone(timeZone) && { timeZone: 'timeZone' as const }),
  };
}
