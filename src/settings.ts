import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isIssuerUrl } from './access/issuer-url.ts';
import { certificateFiles, readCertificate } from './certificate.ts';
import { isLoopback } from '../machine/loopback.ts';
import { filledFromFiles } from './settings-from-files.ts';
import { trustedProxies } from './trusted-proxies.ts';

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

const proxies = z.string().transform((text, context) => {
  const trusted = trustedProxies(text);
  if (trusted === undefined) {
    context.addIssue('expected a number of proxies from 1 to 10, or their addresses and networks such as 10.0.0.0/8 or loopback, separated by commas');
  }
  return typeof trusted === 'function' ? trusted : undefined;
});

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const Environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65_535).default(3000),
  MQTT_PORT: integer(0, 65_535).optional(),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  TRUST_PROXY: proxies.optional(),
  ALLOW_INSECURE: z
    .enum(['true', 'false'], 'expected true or false')
    .default('false')
    .transform((text) => text === 'true'),
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgres://user@host:5432/feederbridge').optional(),
  REDIS_URL: url(['redis:', 'rediss:'], 'redis://host:6379/0').optional(),
  DATA_DIR: z.string().default('./data'),
  LEASE_SECONDS: seconds.default(25),
  ACK_TIMEOUT_MS: integer(1, 600_000).default(10_000),
  RESEND_MS: integer(100, 600_000).default(2_000),
  RETENTION_DAYS: integer(1, 36_500).default(400),
  WRITES_PER_MINUTE: integer(3, 10_000_000).default(30_000),
  ALLOWED_ORIGINS: origins.default([]),
  ADMIN_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{1,256}$/, 'expected 1 to 256 printable characters without spaces')
    .optional(),
  OIDC_ISSUER: z.string().refine(isIssuerUrl, 'expected an https URL such as https://login.farm.example').optional(),
  OIDC_AUDIENCE: z.string().optional(),
  OIDC_ROLE_CLAIM: z.string().default('feederbridge_role'),
  OIDC_SITES_CLAIM: z.string().default('feederbridge_sites'),
  OIDC_CLIENT_ID: z.string().regex(/^[\x20-\x7e]{1,256}$/, 'expected the id that the issuer knows this bridge by, 1 to 256 printable characters').optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_SCOPE: z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'expected scopes such as "openid profile"').default('openid profile'),
  SMTP_URL: url(['smtp:', 'smtps:'], 'smtp://user:password@mail.example:587').optional(),
  SMTP_FROM: z.email('expected an e-mail address such as feeders@farm.example').optional(),
  ALLOW_PRIVATE_WEBHOOKS: z
    .enum(['true', 'false'], 'expected true or false')
    .default('false')
    .transform((text) => text === 'true'),
  LOG_LEVEL: z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(', ')}`).default('info'),
}).refine(({ OIDC_ISSUER, OIDC_AUDIENCE }) => OIDC_ISSUER === undefined || OIDC_AUDIENCE !== undefined, {
  path: ['OIDC_AUDIENCE'],
  error: 'expected, with OIDC_ISSUER, whom its tokens for this bridge are made out to',
  when: ({ issues }) => issues.length === 0,
}).refine(({ OIDC_CLIENT_ID, OIDC_ISSUER }) => OIDC_CLIENT_ID === undefined || OIDC_ISSUER !== undefined, {
  path: ['OIDC_ISSUER'],
  error: 'expected, with OIDC_CLIENT_ID, the issuer that knows it',
  when: ({ issues }) => issues.length === 0,
}).refine(({ OIDC_CLIENT_SECRET, OIDC_CLIENT_ID }) => OIDC_CLIENT_SECRET === undefined || OIDC_CLIENT_ID !== undefined, {
  path: ['OIDC_CLIENT_ID'],
  error: 'expected, with OIDC_CLIENT_SECRET, whose secret it is',
  when: ({ issues }) => issues.length === 0,
}).refine(({ SMTP_URL, SMTP_FROM }) => SMTP_URL === undefined || SMTP_FROM !== undefined, {
  path: ['SMTP_FROM'],
  error: 'expected, with SMTP_URL, the address that e-mail comes from',
  when: ({ issues }) => issues.length === 0,
}).refine(({ TLS_CERT_FILE, TLS_KEY_FILE }) => TLS_KEY_FILE === undefined || TLS_CERT_FILE !== undefined, {
  path: ['TLS_CERT_FILE'],
  error: 'expected, with TLS_KEY_FILE, the PEM file of the certificate that the key is of',
  when: ({ issues }) => issues.length === 0,
}).refine(({ TLS_CERT_FILE, TLS_KEY_FILE }) => TLS_CERT_FILE === undefined || TLS_KEY_FILE !== undefined, {
  path: ['TLS_KEY_FILE'],
  error: 'expected, with TLS_CERT_FILE, the PEM file of its private key',
  when: ({ issues }) => issues.length === 0,
}).refine(({ HOST, TLS_CERT_FILE, TRUST_PROXY, ALLOW_INSECURE }) => isLoopback(HOST) || TLS_CERT_FILE !== undefined || TRUST_PROXY !== undefined || ALLOW_INSECURE, {
  path: ['HOST'],
  error:
    'expected 127.0.0.1, for keys and tokens would cross the network in plain text: set TLS_CERT_FILE and TLS_KEY_FILE, ' +
    'or TRUST_PROXY where a proxy with TLS stands in front, or ALLOW_INSECURE=true where the network itself is safe',
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
  const all = [...problems, ...(parsed.ok ? certificateProblems(parsed.settings) : parsed.problems)];
  return parsed.ok && all.length === 0 ? parsed : { ok: false, problems: all };
}

function certificateProblems(settings: Settings): string[] {
  const files = certificateFiles(settings);
  const read = files && readCertificate(files, Date.now());
  return read === undefined || read.ok ? [] : read.problems;
}
