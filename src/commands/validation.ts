import { MAX_FIELD_ERRORS, pointerTo, Problem, type FieldError, type ProblemCode } from '../errors.ts';
import { type Profile } from '../../topics/payloads.ts';
import { checkValue, STANDARD_PARAMETERS, Values, type Parameter } from '../../topics/parameters.ts';

function fieldError(name: string, value: unknown, profile: Profile | null): FieldError | undefined {
  const pointer = pointerTo(name);
  if (value === null) {
    return { pointer, code: 'invalid-config', detail: `${name} cannot be removed: give the value it should have` };
  }
  if (profile === null) return standardFieldError(name, value);
  const parameter = profile.parameters.find((candidate) => candidate.name === name);
  if (parameter === undefined) {
    return { pointer, code: 'unsupported-parameter', detail: `this feeder has no ${name}; its profile names what it takes` };
  }
  return valueError(pointer, parameter, value);
}

function valueError(pointer: string, parameter: Parameter, value: unknown): FieldError | undefined {
  const problem = checkValue(parameter, value);
  if (problem === undefined) return undefined;
  return { pointer, code: problem.code === 'wrong-type' ? 'invalid-config' : 'out-of-range', detail: problem.detail };
}

/** Before a profile is known only standard names and types are checked; the agent decides the rest. */
function standardFieldError(name: string, value: unknown): FieldError | undefined {
  const pointer = pointerTo(name);
  const standard = Object.entries(STANDARD_PARAMETERS).find(([known]) => known === name)?.[1];
  if (standard === undefined) {
    return { pointer, code: 'unsupported-parameter', detail: `${name} is no standard parameter, and the feeder has not yet told its own` };
  }
  const typeMatches = standard.type === 'boolean' ? typeof value === 'boolean' : Number.isFinite(value);
  if (typeMatches) return undefined;
  const detail = standard.type === 'boolean' ? `${name} takes true or false` : `${name} takes a number in ${standard.unit}`;
  return { pointer, code: 'invalid-config', detail };
}

/**
 * The changes in a merge patch, checked against what the feeder takes.
 * @throws Problem 422 `invalid-config`, `unsupported-parameter` or `out-of-range`, with one error for each field.
 */
export function parseChanges(body: unknown, profile: Profile | null): Values {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || Object.keys(body).length === 0) {
    throw new Problem('invalid-config', 'Give an object with at least one parameter and its new value.', {
      errors: [{ pointer: '', code: 'invalid-config', detail: 'expected an object such as {"mealGrams": 120}' }],
    });
  }
  const errors = Object.entries(body)
    .map(([name, value]: [string, unknown]) => fieldError(name, value, profile))
    .filter((error) => error !== undefined)
    .slice(0, MAX_FIELD_ERRORS);
  const [first] = errors;
  if (first !== undefined) {
    const codes = new Set(errors.map((error) => error.code));
    const detail = `Nothing was sent. ${errors.map((error) => `${error.pointer}: ${error.detail}`).join('; ')}.`;
    throw new Problem(codes.size === 1 ? problemCode(first.code) : 'invalid-config', detail, { errors });
  }
  return Values.parse(body);
}

/**
 * The grams of a dose.
 * @throws Problem 422 `invalid-config` where they are no number, `out-of-range` where nobody could feed them.
 */
export function parseGrams(grams: unknown): number {
  if (typeof grams === 'number' && Number.isFinite(grams) && grams > 0) return grams;
  const code = typeof grams === 'number' ? 'out-of-range' : 'invalid-config';
  const detail = 'grams takes a number above 0';
  throw new Problem(code, `Nothing was sent. /grams: ${detail}.`, { errors: [{ pointer: '/grams', code, detail }] });
}

const problemCode = (code: string): ProblemCode =>
  code === 'unsupported-parameter' || code === 'out-of-range' ? code : 'invalid-config';
