import type { Command, Config, Feeder } from '../api/shapes.ts';

/** What is known of a feeder apart from its latest readings, which come all the time. */
export type FeederFacts = Omit<Feeder, 'state'>;

type Told = { state: 'online' | 'offline'; at: string };

/** A feeder after its presence was told. Of the PLC nothing is known until its agent speaks again. */
export function presenceAfter(facts: FeederFacts, { state, at }: Told): FeederFacts {
  if (facts.presence === state) return facts;
  return { ...facts, presence: state, plc: 'unknown', lastSeenAt: state === 'online' ? at : facts.lastSeenAt };
}

/** A feeder after a config was told; one that was read earlier than what is known changes nothing. */
export function configAfter(facts: FeederFacts, config: Config): FeederFacts {
  const known = facts.config;
  const isOlder = known !== null && (config.version < known.version || config.readAt < known.readAt);
  return isOlder ? facts : { ...facts, config };
}

/** A feeder after its agent said whether the PLC answers. */
export const plcLinkAfter = (facts: FeederFacts, plc: FeederFacts['plc']): FeederFacts => (facts.plc === plc ? facts : { ...facts, plc });

/**
 * A feeder after a command was applied: what was read back is merged where it is newer than what is known. It was read after
 * the command was issued; exactly when, the config that comes tells.
 */
export function readBackAfter(facts: FeederFacts, { state, version, readBack, issuedAt }: Command): FeederFacts {
  const { config } = facts;
  if (state !== 'applied' || config === null || version === null || readBack === null || version <= config.version) return facts;
  const readAt = issuedAt > config.readAt ? issuedAt : config.readAt;
  return { ...facts, config: { version, values: { ...config.values, ...readBack }, readAt, source: 'command' } };
}
