import { z } from 'zod';

/** Feeder and site ids: lower-case letters, digits and dashes, 1 to 63 of them, not starting with a dash. */
const ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;

const identifier = (what: string) =>
  z.string().regex(ID_PATTERN, `expected a ${what} id: 1 to 63 of a-z, 0-9 and "-", not starting with "-"`);

/** The id of one feeder; also its MQTT client id and user name. */
export const FeederId = identifier('feeder');
/** The id of the farm a feeder belongs to. */
export const SiteId = identifier('site');

/** The user name of a site login: its site's id, an underscore and 8 letters or digits. No feeder id has an underscore. */
export const SiteLoginName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}_[a-z0-9]{8}$/, "expected a site login's user name");

/** An id that one side makes up and the other only compares: a session, command, journal or spool. */
export const OpaqueId = z.string().regex(/^[\w.:-]{1,64}$/, 'expected an id of 1 to 64 letters, digits and "_.:-"');

/** A time as ISO 8601 in UTC; written with milliseconds, read with any precision. */
export const Instant = z.iso.datetime({ error: 'expected a time such as 2026-01-31T08:00:00.000Z' }).max(40);

/** Milliseconds since 1970 as an `Instant`. */
export const toInstant = (epochMs: number): string => new Date(epochMs).toISOString();

/** An `Instant` as milliseconds since 1970. */
export const fromInstant = (instant: string): number => Date.parse(instant);
