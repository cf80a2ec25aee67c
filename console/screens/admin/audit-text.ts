import { formatDateTime } from '../../format/times.ts';
import { formatValue, nameOf } from '../../format/values.ts';
import { words } from '../../words/words.ts';
import { isReading } from './audit-differences.ts';

const lookUp = (texts: Readonly<Record<string, string>>, name: string): string | undefined => (Object.hasOwn(texts, name) ? texts[name] : undefined);

/** What somebody did or tried, in plain words. */
export function actionText(action: string): string {
  const { audit } = words.value.admin;
  return lookUp(audit.actions, action) ?? (isReading(action) ? audit.reading : audit.other);
}

/** What a thing is called that an entry tells of. */
export const factName = (name: string): string => lookUp(words.value.admin.audit.facts, name) ?? nameOf(name);

/** What it was or is, as people read it. */
export function factText(name: string, value: unknown): string {
  const { keys } = words.value.admin;
  if (value === null) return nullText(name);
  if (typeof value === 'number' || typeof value === 'boolean') return formatValue(name, value);
  if (Array.isArray(value)) return value.map((each) => factText(name, each)).join(', ');
  if (typeof value !== 'string') return JSON.stringify(value);
  if (/(At|Until)$/.test(name) && !Number.isNaN(Date.parse(value))) return formatDateTime(value);
  if (name === 'role') return lookUp(keys.roleNames, value) ?? value;
  if (name === 'kind') return lookUp(words.value.names.kinds, value) ?? value;
  return value;
}

/** What it means that there is none. */
function nullText(name: string): string {
  const { admin } = words.value;
  switch (name) {
    case 'sites':
      return admin.allSites;
    case 'expiresAt':
      return admin.expiresNever;
    default:
      return admin.audit.nothing;
  }
}
