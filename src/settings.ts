import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { filledFromFiles } from './settings-from-files.ts';

const url = (protocols: readonly string[], example: string) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `expected a URL such as ${example}`,
    );

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `expected a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `expected a whole number from ${min} to ${max}`);

const seconds = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'expected a number of seconds such as 25')
  .transform(Number)
  .refine((value) => value >= 0.1 && value <= 3600, 'expected 0.1 to 3600 seconds');

const origins = z
  .string()
  .transform((text) => text.split(',').map((origin) => origin.trim()).filter((origin) => origin !== ''))
  .refine(
    (list) => list.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
    'expected origins such as https://farm.example, separated by commas',
  );

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const Environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65_535).default(3000),
  MQTT_PORT: integer(0, 65_535).optional(),
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgres://user@host:5432/feederbridge').optional(),
  REDIS_URL: url(['redis:', 'rediss:'], 'redis://host:6379/0').optional(),
  DATA_DIR: z.string().default('./data'),
  LEASE_SECONDS: seconds.default(25),
  ACK_TIMEOUT_MS: integer(1, 600_000).default(10_000),
  RESEND_MS: integer(100, 600_000).default(2_000),
  RETENTION_DAYS: integer(1, 36_500).default(400),
  ALLOWED_ORIGINS: origins.default([]),
  ADMIN_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{1,256}$/, 'expected 1 to 256 printable characters without spaces')
    .optional(),
  SMTP_URL: url(['smtp:', 'smtps:'], 'smtp://user:password@mail.example:587').optional(),
  SMTP_FROM: z.email('expected an e-mail address such as feeders@farm.example').optional(),
  ALLOW_PRIVATE_WEBHOOKS: z
    .enum(['true', 'false'], 'expected true or false')
    .default('false')
    .transform((text) => text === 'true'),
  LOG_LEVEL: z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(', ')}`).default('info'),
}).refine(({ SMTP_URL, SMTP_FROM }) => SMTP_URL === undefined || SMTP_FROM !== undefined, {
  path: ['SMTP_FROM'],
  error: 'expected, with SMTP_URL, the address that e-mail comes from',
  when: ({ issues }) => issues.length === 0,
});

/** The names of all settings. */
export const settingNames = Object.keys(Environment.shape);

/** The bridge's settings, by the names of their environment variables. */
export type Settings = z.infer<typeof Environment>;

export type ParsedSettings = { ok: true; settings: Settings } | { ok: false; problems: string[] };

/** Settings from the environment, or every mistake in it. An empty variable counts as unset. */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): ParsedSettings {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Environment.safeParse(set);
  if (parsed.success) return { ok: true, settings: parsed.data };
  // The value itself stays out of the message: it may be a secret.
  return { ok: false, problems: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
}

/** The settings of this process; any of them may stand in the file that `<NAME>_FILE` names, as secrets should. */
export function settingsFromEnvironment(): ParsedSettings {
  const { environment, problems } = filledFromFiles(process.env, settingNames, (path) => readFileSync(path, 'utf8'));
  const parsed = parseSettings(environment);
  if (problems.length === 0) return parsed;
  return { ok: false, problems: parsed.ok ? problems : [...problems, ...parsed.problems] };
}
