/** As bridge and agent are configured. */
export const FEEDER_ID = 'pond-1';
export const ACK_TIMEOUT_MS = 10_000;
export const RESEND_MS = 2_000;
export const HEARTBEAT_SECONDS = 20;
export const LEASE_MS = 25_000;
