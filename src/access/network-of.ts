import { isIPv6 } from 'node:net';

/** Of the eight groups of an IPv6 address: the first half says which network, the second is the machine's own choice. */
const GROUPS = 8;
const NETWORK_GROUPS = 4;

/** What of an IP address nobody can change at will: the whole of an IPv4 address, the first 64 bits of an IPv6 address. What is no address stays as it is; those that are not known are one network. */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const [unscoped = ''] = address.split('%', 1);
  if (!isIPv6(unscoped)) return address;
  // The one way to write it, with an IPv4 address at its end in hexadecimal.
  const written = new URL(`http://[${unscoped}]`).hostname.slice(1, -1);
  const [before = [], after = []] = written.split('::').map((groups) => (groups === '' ? [] : groups.split(':')));
  const left = GROUPS - before.length - after.length;
  const groups = [...before, ...Array.from({ length: left }, () => '0'), ...after];
  return mappedIPv4(groups.map((group) => parseInt(group, 16))) ?? `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

/** The IPv4 address that is written as an IPv6 one (RFC 4291, 2.5.5.2). */
function mappedIPv4(groups: readonly number[]): string | undefined {
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return isMapped ? groups.slice(6).flatMap((group) => [group >> 8, group & 0xff]).join('.') : undefined;
}
