import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Held more strictly by what measures each target, 48 px, and not only where a bar happens to lie on it just now. */
const HELD_ELSEWHERE = { 'target-size': { enabled: false } };

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const Violations = z.array(z.object({ id: z.string(), help: z.string(), nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })) }));

/**
 * What axe has against a page as it is now, in lines that a person can read; by every rule of WCAG 2.2 AA that a machine can
 * judge and the best practices, or by one rule alone. While a dialog is open, of that alone: nothing else can be reached.
 */
export async function axeFindings(page: Page, rule?: string): Promise<string[]> {
  // Its policy lets the page load no script from elsewhere: what is evaluated is not the page's.
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(`${SOURCE}; undefined`);
  const runOnly = rule === undefined ? { type: 'tag', values: TAGS } : { type: 'rule', values: [rule] };
  const found = await page.evaluate(`axe.run(document.querySelector('dialog[open]') ?? document, ${JSON.stringify({ runOnly, ...(rule === undefined && { rules: HELD_ELSEWHERE }), resultTypes: ['violations'] })}).then(({ violations }) => violations)`);
  return Violations.parse(found).flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}\n  ${html.slice(0, 300)}\n  ${failureSummary.replace(/\s+/g, ' ')}`));
}
