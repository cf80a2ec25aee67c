import type { Audit } from './access/audit.ts';
import { networkOf } from './access/network-of.ts';
import type { Identity } from './broker/access.ts';
import type { Refusal } from './broker/refusal.ts';
import type { SparingLog } from './sparing-log.ts';
import type { Author } from './store/audit.ts';

export type MqttRefusalsDeps = {
  log: SparingLog;
  siteOf: (feederId: string) => string | undefined;
  audit: Audit['refused'];
  /** A packet was refused, for the metrics. */
  count: (why: 'not-allowed' | 'malformed') => void;
};

/** Tells what was tried over MQTT and refused: to the audit, to the metrics and sparingly to the log: of an identity, or of one network of nobody we know. */
export class MqttRefusals {
  readonly #deps: MqttRefusalsDeps;

  constructor(deps: MqttRefusalsDeps) {
    this.#deps = deps;
  }

  /** Someone tried what is not allowed. */
  refused(refusal: Refusal): void {
    const { identity, clientId, address, action, code, why } = refusal;
    const feederId = identity?.kind === 'feeder' ? identity.feederId : null;
    if (action === 'mqttPublish' || action === 'mqttSubscribe') this.#deps.count('not-allowed');
    this.#deps.audit({ author: authorOf(refusal), action, sites: this.#sitesOf(identity), feederId, code });
    this.#deps.log.warn(nameOf(refusal), { clientId: this.#known(identity, clientId), address, action, code, why }, 'mqtt: refused');
  }

  /** A connection ended otherwise than by a goodbye. */
  failed(who: { clientId: string | undefined; address: string | undefined }, why: string): void {
    this.#deps.log.warn(networkOf(who.address), { clientId: this.#known(undefined, who.clientId), address: who.address, why }, 'mqtt: a connection was lost or cut off');
  }

  /** A payload could not be understood. */
  malformed(feederId: string, topic: string, problem: string): void {
    this.#deps.count('malformed');
    this.#deps.log.warn(feederId, { feederId, topic, problem }, 'a message could not be understood and is kept in quarantine');
  }

  /** A client id is told of those who were let in, or where it is a feeder's: any other may be a secret in the wrong place. */
  #known(identity: Identity | undefined, clientId: string | undefined): string | undefined {
    if (clientId === undefined || identity !== undefined) return clientId;
    return this.#deps.siteOf(clientId) === undefined ? undefined : clientId;
  }

  #sitesOf(identity: Identity | undefined): string[] | null {
    if (identity === undefined) return null;
    const site = identity.kind === 'site-login' ? identity.site : this.#deps.siteOf(identity.feederId);
    return site === undefined ? null : [site];
  }
}

const nameOf = ({ identity, address }: Refusal): string => {
  if (identity === undefined) return networkOf(address);
  return identity.kind === 'feeder' ? identity.feederId : identity.siteLoginId;
};

/** What somebody calls itself who was not let in proves nothing, and names nobody. */
function authorOf({ identity, address }: Refusal): Author {
  const from = { address: address ?? null, requestId: null };
  if (identity === undefined) return { kind: 'nobody', id: null, name: null, ...from };
  if (identity.kind === 'feeder') return { kind: 'feeder', id: identity.feederId, name: null, ...from };
  return { kind: 'site-login', id: identity.siteLoginId, name: null, ...from };
}
