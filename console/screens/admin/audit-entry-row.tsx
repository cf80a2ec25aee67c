import type { JSX } from 'preact';
import type { AuditEntry } from '../../api/shapes.ts';
import { fragmentOf } from '../../device/route.ts';
import { formatDateTime } from '../../format/times.ts';
import { OldNew } from '../../parts/old-new.tsx';
import { Status } from '../../parts/status.tsx';
import { Amount, Id, Own } from '../../parts/text.tsx';
import { words } from '../../words/words.ts';
import { differencesOf, type Difference } from './audit-differences.ts';
import { actionText, factName, factText } from './audit-text.ts';

const LOOKS = {
  done: { tone: 'good', icon: 'check' },
  refused: { tone: 'bad', icon: 'close' },
  indeterminate: { tone: 'warn', icon: 'unknown' },
} as const;

/** One entry of the audit: who did or tried what, when, and what it was before and after. */
export function AuditEntryRow({ entry }: { entry: AuditEntry }): JSX.Element {
  const { audit } = words.value.admin;
  const { at, author, action, feederId, result, code, times } = entry;
  return (
    <li class="card audit-entry">
      <div class="admin-card-head">
        <h2>{actionText(action)}</h2>
        <Status {...LOOKS[result]}>{audit.results[result]}</Status>
      </div>
      <p class="audit-who">
        <bdi>{formatDateTime(at)}</bdi>
        <span>{author.name === null ? audit.kinds[author.kind] : <><strong><Own>{author.name}</Own></strong> ({audit.kinds[author.kind]})</>}</span>
        {feederId !== null && <a class="audit-feeder" href={fragmentOf({ screen: 'feeder', feederId })}><Id>{feederId}</Id></a>}
        {times > 1 && <span>{audit.times(times)}</span>}
      </p>
      {code !== null && <p>{codeText(code)}</p>}
      <ul class="audit-facts">{differencesOf(entry).map((difference) => <Fact key={difference.name} difference={difference} />)}</ul>
      <AuditDetails entry={entry} />
    </li>
  );
}

/** Why it was not done: some codes are of problems, some of reasons. */
function codeText(code: string): string {
  const { byCode, byReason, unknownCode } = words.value.problems;
  const texts: Readonly<Record<string, string>> = { ...byReason, ...byCode };
  return texts[code] ?? unknownCode(code);
}

function Fact({ difference: { name, before, asked, after } }: { difference: Difference }): JSX.Element {
  const { audit } = words.value.admin;
  const text = (value: unknown): string => factText(name, value);
  return (
    <li>
      {`${factName(name)}: `}
      {after !== undefined && <OldNew old={before === undefined ? undefined : text(before)} now={text(after)} />}
      {after === undefined && before !== undefined && <Amount>{text(before)}</Amount>}
      {asked !== undefined && <span class="quiet"> {audit.asked} <Amount>{text(asked)}</Amount></span>}
    </li>
  );
}

function AuditDetails({ entry: { author, action, target, code, sites } }: { entry: AuditEntry }): JSX.Element {
  const { admin, common } = words.value;
  const { fields } = admin.audit;
  const facts: readonly (readonly [label: string, value: string | null])[] = [
    [fields.action, action],
    [fields.code, code],
    [fields.authorId, author.id],
    [fields.address, author.address],
    [fields.request, author.requestId],
    [fields.target, target],
    [admin.sites, sites?.join(' ') ?? null],
  ];
  return (
    <details class="admin-details">
      <summary>{common.technicalDetails}</summary>
      <dl class="admin-facts">
        {facts.map(([label, value]) => value !== null && <div key={label}><dt>{label}</dt><dd><Id>{value}</Id></dd></div>)}
      </dl>
    </details>
  );
}
