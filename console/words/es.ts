import { activity } from './es/activity.ts';
import { admin } from './es/admin.ts';
import { alarms } from './es/alarms.ts';
import { change } from './es/change.ts';
import { charts } from './es/charts.ts';
import { common } from './es/every-screen.ts';
import { feeder } from './es/feeder.ts';
import { fleet } from './es/fleet.ts';
import { ledger } from './es/ledger.ts';
import { names } from './es/names.ts';
import { problems } from './es/problems.ts';
import { signIn } from './es/sign-in.ts';
import type { Words } from './catalogue.ts';

/** What the console says in Spanish. */
export const es: Words = { common, signIn, fleet, feeder, change, charts, ledger, activity, admin, alarms, names, problems };
