import { readFile, stat } from 'node:fs/promises';
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { z } from 'zod';

/** One mistake in a file. `line` counts from 1; `path` is dotted, empty for the file as a whole. */
export type FileProblem = { file: string; line: number; path: string; message: string };

/** A mistake in a value, by where it is. */
export type LocatedProblem = { path: PropertyKey[]; message: string };

export type YamlFile<T> =
  | { ok: true; value: T; text: string; lineOf: (path: readonly PropertyKey[]) => number }
  | { ok: false; problems: FileProblem[] };

const MAX_BYTES = 1024 * 1024;
/** How many nodes aliases may stand for, so that a small file cannot unfold into a huge value. */
const MAX_ALIASES = 100;
/** Of a hopelessly wrong file this many mistakes are told, and how many there are. */
const MAX_TOLD = 200;

/**
 * Reads a YAML file and parses it with `schema`. Every mistake comes back at once: the file itself, YAML syntax and
 * duplicate keys, or else each of the schema's issues with its line. `text` is exactly the file's bytes as UTF-8; `lineOf`
 * tells where in it a path stands, for mistakes that only come to light later. A value that does not fit the schema is
 * shown to `lookFurther` too, which may find more in the parts that do.
 */
export async function readYamlFile<T>(
  file: string,
  schema: z.ZodType<T>,
  lookFurther: (value: unknown, issues: readonly z.core.$ZodIssue[]) => LocatedProblem[] = () => [],
): Promise<YamlFile<T>> {
  const whole = (message: string): YamlFile<T> => ({ ok: false, problems: [{ file, line: 1, path: '', message }] });
  let bytes: Buffer;
  try {
    const { size, isRegular } = await stat(file).then((stats) => ({ size: stats.size, isRegular: stats.isFile() }));
    if (!isRegular) return whole('expected a regular file');
    if (size > MAX_BYTES) return whole(`expected at most ${MAX_BYTES} bytes, found ${size}`);
    bytes = await readFile(file);
  } catch (error) {
    return whole(`expected a readable file: ${messageOf(error)}`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return whole('expected UTF-8 text');
  }
  return parse(file, text, schema, lookFurther);
}

/** Problems for people, a line each: `file:line: path: message`. */
export const formatProblems = (problems: readonly FileProblem[]): string =>
  problems
    .map(({ file, line, path, message }) => `${file}:${line}: ${path === '' ? '' : `${path}: `}${message}`)
    .join('\n');

function parse<T>(
  file: string,
  text: string,
  schema: z.ZodType<T>,
  lookFurther: (value: unknown, issues: readonly z.core.$ZodIssue[]) => LocatedProblem[],
): YamlFile<T> {
  const lines = new LineCounter();
  const tell = (mistakes: Mistake[]): YamlFile<T> => {
    const told = mistakes.slice(0, MAX_TOLD).map(({ at, path, message }) => ({
      file,
      line: Math.max(1, lines.linePos(at()).line),
      path: path.join('.'),
      message,
    }));
    const rest = mistakes.length - told.length;
    const more = rest > 0 ? [{ file, line: 1, path: '', message: `and ${rest} more mistakes` }] : [];
    return { ok: false, problems: [...told.sort((a, b) => a.line - b.line), ...more] };
  };
  try {
    // The library compares every key with every other; `duplicateKeys` needs one pass.
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    const broken = [...document.errors, ...document.warnings];
    const mistakes = [
      ...broken.map(({ pos, message }) => ({ at: () => pos[0], path: [], message })),
      ...duplicateKeys(document),
    ];
    if (mistakes.length > 0) return tell(mistakes);
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    const parsed = schema.safeParse(value, { error: sayWhatIsExpected });
    if (parsed.success) {
      const lineOf = (path: readonly PropertyKey[]) => Math.max(1, lines.linePos(offsetOf(document, path)).line);
      return { ok: true, value: parsed.data, text, lineOf };
    }
    const { issues } = parsed.error;
    const found = [...issues.flatMap(spread), ...lookFurther(value, issues)];
    return tell(found.map(({ path, message }) => ({ at: () => offsetOf(document, path), path, message })));
  } catch (error) {
    return tell([{ at: () => 0, path: [], message: `expected plain YAML: ${messageOf(error)}` }]);
  }
}

/** A mistake, and where it stands in the text, to be looked up only if it is told. */
type Mistake = { at: () => number; path: PropertyKey[]; message: string };

function duplicateKeys(document: Document): Mistake[] {
  const mistakes: Mistake[] = [];
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) mistakes.push({ at: () => key.range?.[0] ?? 0, path: [], message: `duplicate key ${name}` });
        seen.add(name);
      }
    },
  });
  return mistakes;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** A typo is best answered with the names there are, and what is missing with what it should be. */
const sayWhatIsExpected: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodObject) {
    return `unknown key: expected one of ${Object.keys(issue.inst.shape).join(', ')}`;
  }
  if (issue.code === 'invalid_type') {
    return issue.input === undefined ? `missing: expected ${issue.expected}` : `expected ${issue.expected}`;
  }
  if (issue.code === 'too_small') return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
  if (issue.code === 'too_big') return `expected ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`;
  return undefined;
};

/** An issue as one problem for each place it is about. */
function spread(issue: z.core.$ZodIssue): LocatedProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: issue.message }));
  }
  if (issue.code === 'invalid_union') {
    // The branch that was meant is the one of the right shape that the value comes nearest to.
    const [nearest, next] = issue.errors
      .filter((branch) => !branch.some((inner) => inner.path.length === 0 && inner.code === 'invalid_type'))
      .map((branch) => branch.flatMap(spread))
      .sort((a, b) => a.length - b.length);
    if (nearest !== undefined && nearest.length !== next?.length) {
      return nearest.map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
    }
    const wishes = new Set(issue.errors.flatMap((branch) => branch.map((inner) => inner.message)));
    if (wishes.size > 0) return [{ path: issue.path, message: [...wishes].join(', or ') }];
  }
  return [{ path: issue.path, message: issue.message }];
}

/** Where the key or item at `path` stands in the text, or else its nearest existing parent. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    let found: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      found = pair?.key;
      node = pair?.value;
    } else if (isSeq(node)) {
      found = node = node.items[Number(step)];
    }
    if (!isNode(found) || !found.range) break;
    offset = found.range[0];
  }
  return offset;
}
