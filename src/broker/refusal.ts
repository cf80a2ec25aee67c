import type { Identity } from './access.ts';

/** How much of what a client wrote is told. */
export const MAX_TOLD_LENGTH = 200;

/** What somebody tried over MQTT and may not do. */
export type Refusal = {
  /** Undefined: someone who has not been let in. */
  identity: Identity | undefined;
  /** As the client called itself; before CONNECT it has no name. */
  clientId: string | undefined;
  /** The IP address that it came from, where that is known. */
  address: string | undefined;
  action: 'mqttConnect' | 'mqttPublish' | 'mqttSubscribe' | 'mqttSend';
  code: 'unauthenticated' | 'forbidden' | 'rate-limited' | 'malformed';
  why: string;
};
