import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { en } from '../../console/words/en.ts';
import { es } from '../../console/words/es.ts';
import { he } from '../../console/words/he.ts';

const CONSOLE = fileURLToPath(new URL('../../console', import.meta.url));

/** Every file of the console that could say something, but the catalogues and what is made from the bridge's document. */
const sources = readdirSync(CONSOLE, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/^(dist|words|build)\/|\.d\.ts$/.test(file))
  .map((file) => ({ file, source: ts.createSourceFile(file, readFileSync(join(CONSOLE, file), 'utf8'), ts.ScriptTarget.Latest, true) }));

/** Every text and every function that makes one, by its path in a catalogue. */
function textsOf(catalogue: unknown, path: readonly string[] = []): [path: string, text: string][] {
  if (typeof catalogue === 'string') return [[path.join('.'), catalogue]];
  if (typeof catalogue === 'function') return [[path.join('.'), catalogue.toString()]];
  if (typeof catalogue !== 'object' || catalogue === null) throw new Error(`expected a text at ${path.join('.')}`);
  return Object.entries(catalogue).flatMap(([name, value]) => textsOf(value, [...path, name]));
}

const english = new Map(textsOf(en));

describe('no text outside the catalogues', () => {
  const SAID = ['aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext', 'title', 'placeholder', 'alt', 'label', 'hint'];

  /** The literals that an expression can come to: `open ? 'yes' : 'no'`, and so on. */
  function literalsIn(node: ts.Node): string[] {
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (ts.isTemplateExpression(node)) return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
    if (ts.isConditionalExpression(node)) return [...literalsIn(node.whenTrue), ...literalsIn(node.whenFalse)];
    if (ts.isParenthesizedExpression(node)) return literalsIn(node.expression);
    if (!ts.isBinaryExpression(node)) return [];
    const { kind } = node.operatorToken;
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return literalsIn(node.right);
    const isJoined = [ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.PlusToken].includes(kind);
    return isJoined ? [...literalsIn(node.left), ...literalsIn(node.right)] : [];
  }

  function saidIn(node: ts.Node): string[] {
    if (ts.isJsxText(node)) return [node.text.trim()];
    if (ts.isCallExpression(node)) {
      const isAnnounced = ts.isIdentifier(node.expression) && node.expression.text === 'announce';
      return isAnnounced ? node.arguments.slice(0, 1).flatMap(literalsIn) : [];
    }
    if (ts.isJsxExpression(node)) {
      const isChild = ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent);
      return isChild && node.expression ? literalsIn(node.expression) : [];
    }
    if (!ts.isJsxAttribute(node) || !ts.isIdentifier(node.name) || !SAID.includes(node.name.text) || node.initializer === undefined) return [];
    if (ts.isJsxExpression(node.initializer)) return node.initializer.expression ? literalsIn(node.initializer.expression) : [];
    return literalsIn(node.initializer);
  }

  test('neither in what is drawn nor in what is read out', () => {
    const found: string[] = [];
    for (const { file, source } of sources) {
      const visit = (node: ts.Node): void => {
        for (const text of saidIn(node)) if (/\p{L}/u.test(text)) found.push(`${file}: ${text}`);
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
    expect(found).toEqual([]);
  });
});

describe.each([
  { language: 'es', catalogue: es, letters: /\p{Script=Latin}/u },
  { language: 'he', catalogue: he, letters: /\p{Script=Hebrew}/u },
])('the catalogue in $language', ({ language, catalogue, letters }) => {
  const texts = textsOf(catalogue);
  /** The words of a text; of a function those between its quotes. */
  const words = (text: string): string[] => {
    const said = text.includes('=>') ? (text.match(/`[^`]*`|'[^']*'|"[^"]*"/g) ?? []).join(' ').replace(/\$\{[^}]*\}/g, ' ') : text;
    return said.match(/\p{L}{2,}/gu) ?? [];
  };

  test('says the same things', () => {
    expect(texts.map(([path]) => path).sort()).toEqual([...english.keys()].sort());
  });

  test('says them in its own language', () => {
    const same = texts.filter(([path, text]) => words(text).length >= 2 && english.get(path) === text).map(([path]) => path);
    expect(same).toEqual([]);
    expect(texts.filter(([, text]) => words(text).length >= 2 && !letters.test(text)).map(([path]) => path)).toEqual([]);
  });

  test('counts by its own rules', () => {
    const folder = join(CONSOLE, 'words', language);
    const counted = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').match(/plural\('\w+'\)/g) ?? []);
    expect(counted.length).toBeGreaterThan(0);
    expect(new Set(counted)).toEqual(new Set([`plural('${language}')`]));
  });
});

describe('no text that nobody says', () => {
  /** The part of the catalogue at a path; undefined where there is none. */
  const partAt = (path: readonly string[]): unknown =>
    path.reduce<unknown>((part, name) => (typeof part === 'object' && part !== null && Object.hasOwn(part, name) ? Reflect.get(part, name) : undefined), en);

  /** Whether a name or a property stands where its value is used, and not where something is called so. */
  const isRead = (node: ts.Identifier | ts.PropertyAccessExpression): boolean => {
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent) || ts.isBindingElement(parent) || ts.isPropertyAssignment(parent)) return 'initializer' in parent && parent.initializer === node;
    return !ts.isVariableDeclaration(parent) && !ts.isParameter(parent) && !ts.isJsxAttribute(parent);
  };

  /**
   * What a file uses of the catalogue, by following `words.value` through properties, destructuring and names that stand for
   * a part. A part that is handed on whole, or looked up in by a value, counts as used with all that is in it.
   */
  function usedIn(source: ts.SourceFile): string[] {
    const used: string[] = [];
    const standsFor = new Map<string, string[][]>();
    const pathsOf = (node: ts.Expression): string[][] => {
      if (ts.isIdentifier(node)) return standsFor.get(node.text) ?? [];
      if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node)) return pathsOf(node.expression);
      if (!ts.isPropertyAccessExpression(node)) return [];
      if (ts.isIdentifier(node.expression) && node.expression.text === 'words' && node.name.text === 'value') return [[]];
      return pathsOf(node.expression).map((path) => [...path, node.name.text]).filter((path) => partAt(path) !== undefined);
    };
    const bind = (name: ts.BindingName, path: readonly string[]): void => {
      if (ts.isIdentifier(name)) standsFor.set(name.text, [...(standsFor.get(name.text) ?? []), [...path]]);
      else if (ts.isObjectBindingPattern(name)) {
        for (const element of name.elements) {
          const property = element.propertyName ?? element.name;
          if (ts.isIdentifier(property) || ts.isStringLiteral(property)) bind(element.name, [...path, property.text]);
        }
      }
    };
    const visit = (node: ts.Node): void => {
      if (ts.isVariableDeclaration(node) && node.initializer) for (const path of pathsOf(node.initializer)) bind(node.name, path);
      if ((ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) && isRead(node)) for (const path of pathsOf(node)) used.push(path.join('.'));
      ts.forEachChild(node, visit);
    };
    ts.forEachChild(source, visit);
    return used;
  }

  test('every one is said somewhere', () => {
    const used = new Set(sources.flatMap(({ source }) => usedIn(source)));
    const isUsed = (path: string): boolean => path.split('.').some((_, index, names) => used.has(names.slice(0, names.length - index).join('.')));
    expect([...english.keys()].filter((path) => !isUsed(path))).toEqual([]);
  });
});
