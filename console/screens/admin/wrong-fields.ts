import type { Failure } from '../../api/client.ts';

export const FIELDS = ['feederId', 'name', 'site', 'timeZone', 'sites', 'expiresAt'] as const;
export type FieldName = (typeof FIELDS)[number];
/** What is wrong with a field, by its name in the catalogue. */
export type Wrong = FieldName | 'feederExists' | 'keyExists';
export type WrongFields = Partial<Record<FieldName, Wrong>>;

/** Which fields the bridge does not take, by the pointers of its answer; and an id or name that is there already. */
export function wrongFieldsOf(failure: Failure | undefined): WrongFields {
  if (failure?.kind !== 'problem') return {};
  const { code, errors = [] } = failure.problem;
  if (code === 'feeder-exists') return { feederId: 'feederExists' };
  if (code === 'key-exists') return { name: 'keyExists' };
  const wrong: WrongFields = {};
  for (const { pointer } of errors) {
    const field = FIELDS.find((each) => pointer.split('/')[1] === each);
    if (field !== undefined) wrong[field] = field;
  }
  return wrong;
}

const ID = /^[a-z0-9][a-z0-9-]{0,62}$/;
const NAME = /^[^\p{Cc}\p{Cs}]{1,100}$/u;

/** As the bridge takes the ids of feeders and sites. */
export const isId = (text: string): boolean => ID.test(text);
/** As the bridge takes what people call something; spaces around it are left out. */
export const isName = (text: string): boolean => NAME.test(text.trim());

/** Whether a time zone has this name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
