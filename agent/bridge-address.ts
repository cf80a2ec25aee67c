import { isLoopback } from '../machine/loopback.ts';

/** Whether whoever is between here and there can read what is sent to an address. */
export function isSentInClear(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  // An IPv6 address stands in brackets in a URL.
  return (protocol === 'http:' || protocol === 'ws:') && !isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'));
}

/** Where the bridge at an address takes claims; it may be the address of REST or of MQTT over WebSocket there. */
export function claimsUrl(bridge: string): string {
  const { protocol, host, pathname } = new URL(bridge);
  const scheme = protocol === 'ws:' || protocol === 'http:' ? 'http:' : 'https:';
  const base = pathname.replace(/\/+/g, '/').replace(/(\/mqtt|\/api\/v1)?\/?$/, '');
  return `${scheme}//${host}${base}/api/v1/claims`;
}
