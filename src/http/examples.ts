import type { z } from 'zod';
import type { CommandShape, ConfigShape, FeederShape } from './shapes.ts';

/** What the OpenAPI document shows as examples. */

const PARAMETERS = [
  { name: 'mealGrams', type: 'integer' as const, unit: 'g', min: 0, max: 5000, step: 1 },
  { name: 'intervalSeconds', type: 'integer' as const, unit: 's', min: 60, max: 86_400, step: 1 },
  { name: 'feedingEnabled', type: 'boolean' as const, unit: '' },
];

export const PROFILE: NonNullable<z.output<typeof FeederShape>['profile']> = {
  agentVersion: '0.1.0',
  registerMap: { name: 'reference-feeder', sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' },
  parameters: PARAMETERS,
  kinds: ['set-config', 'feed-now', 'clear-alarms'],
  guards: { maxDoseGrams: 500, minGapSeconds: 300, maxGramsPerDay: 5000 },
};

export const CONFIG: z.output<typeof ConfigShape> = {
  version: 7,
  values: { mealGrams: 120, intervalSeconds: 5400, feedingEnabled: true },
  readAt: '2026-01-31T08:00:00.000Z',
  source: 'command',
};

export const FEEDER: z.output<typeof FeederShape> = {
  feederId: 'pond-1',
  name: 'North pond',
  site: 'farm',
  timeZone: 'Europe/Oslo',
  presence: 'online',
  plc: 'ok',
  lastSeenAt: '2026-01-31T08:00:12.000Z',
  config: CONFIG,
  state: { at: '2026-01-31T08:00:12.000Z', values: { hopperGrams: 84_000, waterTemperatureCelsius: 11.4 }, quality: {} },
  profile: PROFILE,
};

/** A feeder that was enrolled just now. */
export const NEW_FEEDER: z.output<typeof FeederShape> = {
  ...FEEDER,
  presence: 'offline',
  plc: 'unknown',
  lastSeenAt: null,
  config: null,
  state: null,
  profile: null,
};

export const COMMAND: z.output<typeof CommandShape> = {
  commandId: '0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21',
  feederId: 'pond-1',
  kind: 'set-config',
  state: 'applied',
  changes: { mealGrams: 120, intervalSeconds: 5400 },
  version: 7,
  readBack: { mealGrams: 120, intervalSeconds: 5400 },
  previous: { mealGrams: 100, intervalSeconds: 3600 },
  reason: null,
  issuedBy: 'admin',
  issuedAt: '2026-01-31T07:59:59.982Z',
  expiresAt: '2026-01-31T08:00:09.982Z',
  ackedAt: '2026-01-31T08:00:00.000Z',
  latencyMs: 18,
  transitions: [
    { state: 'sent', at: '2026-01-31T07:59:59.982Z' },
    { state: 'applied', at: '2026-01-31T08:00:00.000Z' },
  ],
};

/** A feed-now that was fed. */
export const DOSE: z.output<typeof CommandShape> = {
  commandId: 'e2b7a6de-44a1-4d0c-8f7e-5d0b9a6c1f38',
  feederId: 'pond-1',
  kind: 'feed-now',
  state: 'applied',
  grams: 50,
  version: null,
  readBack: {},
  previous: {},
  reason: null,
  issuedBy: 'admin',
  issuedAt: '2026-01-31T08:04:59.960Z',
  expiresAt: '2026-01-31T08:05:09.960Z',
  ackedAt: '2026-01-31T08:05:00.000Z',
  latencyMs: 40,
  transitions: [
    { state: 'sent', at: '2026-01-31T08:04:59.960Z' },
    { state: 'applied', at: '2026-01-31T08:05:00.000Z' },
  ],
};

/** A command that was sent just now. */
export const SENT_COMMAND: z.output<typeof CommandShape> = {
  ...COMMAND,
  state: 'sent',
  readBack: null,
  previous: null,
  ackedAt: null,
  latencyMs: null,
  transitions: [{ state: 'sent', at: '2026-01-31T07:59:59.982Z' }],
};

export const TOKEN = 'q3Zr0nB7c1yTt5uVxE9kWm2LdHfJsPaG4oQiX6zRb8M';
