import { z } from 'zod';
import type { TestBridge } from './bridge.ts';

const instant = z.iso.datetime({ precision: 3 });

export const KeyShape = z.strictObject({
  apiKeyId: z.uuid(),
  name: z.string(),
  role: z.enum(['viewer', 'operator', 'admin']),
  sites: z.array(z.string()).nullable(),
  createdAt: instant,
  createdBy: z.string().nullable(),
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
});

const NewKey = KeyShape.extend({ key: z.string().regex(/^[\w-]{43}$/) });
export type TestKey = z.infer<typeof NewKey>;

let made = 0;

/** Has a key made, for all sites where none are given. */
export async function makeKey(bridge: TestBridge, role: TestKey['role'], more: { sites?: string[]; name?: string; expiresAt?: string } = {}): Promise<TestKey> {
  const { body } = await bridge.rest('POST', '/keys', { body: { name: `${role} ${++made}`, role, ...more } });
  return NewKey.parse(body);
}

/** What a request with that key carries. */
export const withKey = ({ key }: Pick<TestKey, 'key'>): { headers: { Authorization: string } } => ({ headers: { Authorization: `Bearer ${key}` } });
