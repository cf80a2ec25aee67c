/** Every problem the REST API can answer with: its stable code, HTTP status and title. */
const PROBLEMS = {
  malformed: { status: 400, title: 'The request could not be understood' },
  unauthenticated: { status: 401, title: 'It is not known who asks' },
  forbidden: { status: 403, title: 'This key may not do that' },
  'not-found': { status: 404, title: 'There is no such thing here' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method' },
  'feeder-offline': { status: 409, title: 'The feeder is offline; nothing was sent' },
  'plc-unreachable': { status: 409, title: 'The agent does not reach the PLC; nothing was sent' },
  'command-pending': { status: 409, title: 'An earlier command has no outcome yet' },
  'command-superseded': { status: 409, title: 'A newer change overtook the command' },
  'feeder-exists': { status: 409, title: 'A feeder with this id is enrolled already' },
  'feeder-not-awaited': { status: 409, title: 'The claim code is for another feeder' },
  'key-exists': { status: 409, title: 'A key with this name is there already' },
  'email-not-set-up': { status: 409, title: 'This bridge sends no e-mail' },
  'version-mismatch': { status: 412, title: 'The config is not the one you last saw' },
  'too-large': { status: 413, title: 'The request body is too large' },
  'unsupported-media-type': { status: 415, title: 'The request body has the wrong content type' },
  'invalid-config': { status: 422, title: 'The change is not a valid one' },
  'unsupported-parameter': { status: 422, title: 'This feeder has no such parameter' },
  'out-of-range': { status: 422, title: 'A value is outside what this feeder takes' },
  'unsupported-command': { status: 422, title: 'This feeder does not take that command' },
  'idempotency-mismatch': { status: 422, title: 'This Idempotency-Key was used with another body' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'internal-error': { status: 500, title: 'The bridge failed' },
  'command-rejected': { status: 502, title: 'The feeder did not carry it out' },
  'command-indeterminate': { status: 502, title: 'It cannot be known whether the command acted' },
  'store-unavailable': { status: 503, title: 'The database is not reachable' },
  'lease-store-unavailable': { status: 503, title: 'The lease store is not reachable' },
  'issuer-unavailable': { status: 503, title: 'Whoever vouches for people is not reachable' },
  'bridge-stopping': { status: 503, title: 'The bridge is stopping; nothing was sent' },
  'command-unresolved': { status: 504, title: 'The feeder has not answered yet' },
  'command-expired': { status: 504, title: 'The command was too late and was not acted on' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code);
/** Every code, in the order of their statuses. */
export const PROBLEM_CODES = Object.keys(PROBLEMS).filter(isProblemCode);

/** One field of the request and what is wrong with it; the pointer is a JSON pointer into the body. */
export type FieldError = { pointer: string; code: string; detail: string };

/** So many of them are told: whoever makes more mistakes than that means no good. */
export const MAX_FIELD_ERRORS = 100;

/** The JSON pointer to a member of the body (RFC 6901). */
export const pointerTo = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

export type ProblemExtras = {
  errors?: readonly FieldError[];
  /** The command concerned, where there is one. */
  commandId?: string;
  /** Further members of the answer's body. */
  members?: Readonly<Record<string, unknown>>;
  headers?: Readonly<Record<string, string>>;
};

/** A request that cannot be answered as asked: what happened, and what to do next. Rendered as RFC 9457. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly detail: string;
  readonly extras: ProblemExtras;

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
    this.extras = extras;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  get title(): string {
    return PROBLEMS[this.code].title;
  }

  /** The body of an `application/problem+json` answer. */
  toBody(): Record<string, unknown> {
    const { errors, commandId, members } = this.extras;
    return {
      type: `urn:feederbridge:problem:${this.code}`,
      title: this.title,
      status: this.status,
      detail: this.detail,
      code: this.code,
      ...(errors && { errors }),
      ...(commandId !== undefined && { commandId }),
      ...members,
    };
  }
}

/** Where a command is to be found over REST, for `Location`. */
export const commandPath = (commandId: string): string => `/api/v1/commands/${commandId}`;
