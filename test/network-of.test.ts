import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networkOf } from '../src/access/network-of.ts';

test.each([
  ['::FFFF:c000:0207', '192.0.2.7'],
  ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
  ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
])('%s is counted under %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('all addresses of an IPv6 network are counted together, and no two networks are', () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  const host = fc.array(group, { minLength: 4, maxLength: 4 });
  const hex = (groups: readonly number[]): string => groups.map((each) => each.toString(16)).join(':');
  fc.assert(
    fc.property(fc.array(group, { minLength: 4, maxLength: 4 }), group, host, host, (network, other, one, two) => {
      fc.pre(network.some((each) => each !== 0));
      expect(networkOf(hex([...network, ...one]))).toBe(networkOf(hex([...network, ...two])));
      const elsewhere = [...network.slice(0, 3), other];
      fc.pre(elsewhere.some((each) => each !== 0));
      expect(networkOf(hex([...elsewhere, ...one])) === networkOf(hex([...network, ...one]))).toBe(other === network[3]);
    }),
    { numRuns: 500 },
  );
});
