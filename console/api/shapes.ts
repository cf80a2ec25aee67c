import type { components } from './schema.d.ts';

/** What the bridge answers, by the names of its document. */
type Schemas = components['schemas'];

export type Feeder = Schemas['Feeder'];
export type FeederOverview = Schemas['FeederOverview'];
export type Values = Schemas['Values'];
export type Value = Values[string];
export type Parameter = Schemas['Parameter'];
export type Profile = Schemas['Profile'];
export type Config = Schemas['ReportedConfig'];
export type State = Schemas['State'];
export type Command = Schemas['Command'];
export type Reason = Schemas['Reason'];
export type Alarm = Schemas['Alarm'];
export type AlarmThresholds = Schemas['AlarmThresholds'];
export type Meal = Schemas['Meal'];
export type MealDay = Schemas['MealDay'];
export type PresenceDay = Schemas['PresenceDay'];
export type Readings = Schemas['Readings'];
export type Problem = Schemas['Problem'];
export type ProblemCode = Problem['code'];
export type Me = Schemas['Me'];
export type Role = Me['role'];
export type FarmEvent = Schemas['Event'];
export type ApiKey = Schemas['Key'];
export type NewApiKey = Schemas['NewKey'];
export type SiteLogin = Schemas['SiteLogin'];
export type NewSiteLogin = Schemas['NewSiteLogin'];
export type AuditEntry = Schemas['AuditEntry'];
export type EnrolledFeeder = Schemas['EnrolledFeeder'];
export type FeederToken = Schemas['FeederToken'];
export type ClaimCode = Schemas['ClaimCode'];
export type SignInCode = Schemas['SignInCode'];
