import { z } from 'zod';
import { Instant, SiteId, toInstant } from '../../topics/identifiers.ts';
import { ROLES, siteList } from '../access/caller.ts';
import { bodyLike, type Operation } from './operation.ts';
import { callerOf } from './request-context.ts';
import { answered } from './shapes.ts';

const MeShape = z
  .object({
    name: z.string().meta({ description: 'What is changed is told to be by this name.' }),
    kind: z.enum(['key', 'person']),
    role: z.enum(ROLES),
    sites: z.array(SiteId).nullable(),
    expiresAt: Instant.nullable().meta({ description: 'When whatever it asks by lets nobody in any more. Null: when somebody says so.' }),
  })
  .register(answered, { id: 'Me', description: 'Who asks, and what it may do; sites that are null are all sites.' });

/** `GET /me` */
export const getMe = (): Operation => ({
  operationId: 'getMe',
  role: 'viewer',
  tag: 'Signing in',
  summary: 'See who asks',
  description: 'The key or the person, also where it asks by a session.',
  answers: {
    200: {
      description: 'Who asks.',
      body: bodyLike(MeShape, { name: "Kari's phone", kind: 'key', role: 'operator', sites: ['north-farm'], expiresAt: '2027-01-31T16:00:00.000Z' }),
    },
  },
  problems: [],
  handle: (_request, response) => {
    const { name, kind, role, sites, expiresAtMs } = callerOf(response);
    const expiresAt = expiresAtMs === null ? null : toInstant(expiresAtMs);
    response.json({ name, kind, role, sites: siteList(sites), expiresAt } satisfies z.output<typeof MeShape>);
  },
});
