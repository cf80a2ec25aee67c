import { isLoopback } from '../../machine/loopback.ts';

/** Whether keys may be read from there: what comes over the network must come over TLS, or whoever is between could let people in. */
export function isIssuerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  const isPrivate = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname.replace(/^\[(.*)\]$/, '$1')));
  return isPrivate && username === '' && password === '' && hash === '';
}
