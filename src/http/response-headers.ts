/** The headers of answers that callers are told of, for the OpenAPI document and for pages of other origins. */
export const RESPONSE_HEADERS = {
  ETag: { description: 'The version of the config, for `If-Match`.', example: '"7"', pattern: '^"\\d+"$' },
  Location: { description: 'Where to find what was made or sent.', example: '/api/v1/commands/0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21' },
  'Preference-Applied': { description: 'The preference that was followed.', example: 'respond-async', pattern: '^respond-async$' },
  'Retry-After': { description: 'In how many seconds to try again.', example: '2', pattern: '^\\d+$' },
  'WWW-Authenticate': { description: 'How to say who asks.', example: 'Bearer' },
  'X-Request-Id': {
    description: "The request's id in the bridge's log: the one it came with, else a new one.",
    example: '3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11',
    pattern: '^[\\w.:-]{1,64}$',
  },
} as const satisfies Record<string, { description: string; example: string; pattern?: string }>;

export type ResponseHeader = keyof typeof RESPONSE_HEADERS;

export const isResponseHeader = (name: string): name is ResponseHeader => Object.hasOwn(RESPONSE_HEADERS, name);
