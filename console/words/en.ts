import { activity } from './en/activity.ts';
import { admin } from './en/admin.ts';
import { alarms } from './en/alarms.ts';
import { change } from './en/change.ts';
import { charts } from './en/charts.ts';
import { common } from './en/every-screen.ts';
import { feeder } from './en/feeder.ts';
import { fleet } from './en/fleet.ts';
import { ledger } from './en/ledger.ts';
import { names } from './en/names.ts';
import { problems } from './en/problems.ts';
import { signIn } from './en/sign-in.ts';

/** What the console says in English: the catalogue that the others follow. */
export const en = { common, signIn, fleet, feeder, change, charts, ledger, activity, admin, alarms, names, problems };
