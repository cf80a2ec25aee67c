import { toInstant } from '../topics/identifiers.ts';
import type { Broker } from './broker/broker.ts';
import { toNotice } from './liveness/presence.ts';
import type { FeederRow } from './store/feeders.ts';

/** What explorers find before the agent is back, published again from the store. */
export function restoreRetained(broker: Broker, { feederId, presence, profile, config }: FeederRow): void {
  if (presence) broker.publish(feederId, 'presence', toNotice({ feederId, ...presence }));
  if (profile) broker.publish(feederId, 'profile', profile);
  if (config) {
    const { agentVersion, values, readAtMs, source } = config;
    broker.publish(feederId, 'config', { configVersion: agentVersion, values, readAt: toInstant(readAtMs), source });
  }
}
