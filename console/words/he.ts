import { activity } from './he/activity.ts';
import { admin } from './he/admin.ts';
import { alarms } from './he/alarms.ts';
import { change } from './he/change.ts';
import { charts } from './he/charts.ts';
import { common } from './he/every-screen.ts';
import { feeder } from './he/feeder.ts';
import { fleet } from './he/fleet.ts';
import { ledger } from './he/ledger.ts';
import { names } from './he/names.ts';
import { problems } from './he/problems.ts';
import { signIn } from './he/sign-in.ts';
import type { Words } from './catalogue.ts';

/** What the console says in Hebrew. */
export const he: Words = { common, signIn, fleet, feeder, change, charts, ledger, activity, admin, alarms, names, problems };
