import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { isTold, openFeeder, showsHeld } from './support/at-feeder.ts';
import { describeInBrowser } from './support/browser.ts';
import { openConsole, plain, WORDS } from './support/console-page.ts';
import { openFarm, type TestFarm } from './support/farm.ts';

const JERUSALEM = 'Asia/Jerusalem';

describeInBrowser('languages and hands', () => {
  let farm: TestFarm;
  beforeAll(async () => {
    farm = await openFarm({ feeders: [{ feederId: 'pond-1', name: 'Upper pond (1)', timeZone: JERUSALEM }] });
  });
  afterAll(() => farm.dispose());
  beforeEach(() => farm.settle());

  const shown = (page: Page): Promise<unknown> => page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);

  test.each([
    ['es', 'ltr'],
    ['he', 'rtl'],
  ] as const)('a browser that prefers %s is shown it', async (language, direction) => {
    const { page, words } = await openConsole(await farm.signInLink(), { language });
    await page.getByRole('heading', { level: 1, name: words.common.screens.fleet }).waitFor();
    expect(await shown(page)).toEqual([language, direction]);
    expect(words.common.screens.fleet).not.toBe(WORDS.en.common.screens.fleet);
  });

  test('another one can be chosen, at once and for next time', async () => {
    const { page, words } = await openConsole(await farm.signInLink());
    await page.getByRole('button', { name: words.common.menu }).click();
    await page.getByRole('button', { name: 'עברית' }).click();
    await page.getByRole('heading', { level: 1, name: WORDS.he.common.screens.fleet }).waitFor();
    expect(await shown(page)).toEqual(['he', 'rtl']);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: WORDS.he.common.screens.fleet }).waitFor();
  });

  test('in Hebrew all is mirrored but charts, and names, ids and amounts keep their own direction', async () => {
    const at = await openFeeder(farm, 'pond-1', 'Upper pond (1)', { language: 'he' });
    const { page } = at;
    const isAtTheRight = await page.getByRole('heading', { level: 1 }).evaluate((heading) => heading.getBoundingClientRect().right > innerWidth / 2);
    expect(isAtTheRight).toBe(true);
    await page.locator('main canvas').first().waitFor();
    expect(await page.locator('main canvas').first().evaluate((canvas) => getComputedStyle(canvas).direction)).toBe('ltr');
    const unisolated = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT);
      const found: string[] = [];
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const text = node.textContent ?? '';
        // A name or an id that somebody gave, or a number with its unit, among Hebrew words.
        if (!/Upper pond|pond-1/.test(text) || node.parentElement?.closest('bdi, [dir], title, option, textarea') !== null) continue;
        if (!/\u2068[^\u2069]*(Upper pond|pond-1)[^\u2069]*\u2069/.test(text)) found.push(text);
      }
      return found;
    });
    expect(unisolated).toEqual([]);
  });

  test.each(['en', 'es', 'he'] as const)('times are those of the site, as %s writes them, wherever one looks from', async (language) => {
    await farm.bridge.rest('PATCH', '/feeders/pond-1/config', { body: { mealGrams: 101 } });
    const at = await openFeeder(farm, 'pond-1', 'Upper pond (1)', { language, timeZone: 'America/New_York' });
    const issuedAt = (await farm.commands('pond-1'))[0]?.issuedAt ?? expect.fail('expected a command');
    const time = at.page.locator('.ledger-when').first();
    await time.waitFor();
    const inLanguage = (part: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat(language, { timeZone: JERUSALEM, ...part }).format(new Date(issuedAt));
    const told = plain(await time.innerText());
    expect(told).toMatch(new RegExp(`\\b0?${Number(inLanguage({ hour: 'numeric', hourCycle: 'h23' }))}:`));
    expect(told).toContain(inLanguage({ month: 'short' }));
  });

  test('a decimal comma is understood where it is written', async () => {
    const at = await openFeeder(farm, 'pond-1', 'Upper pond (1)', { language: 'es' });
    const { page, words, dialog } = at;
    await page.getByRole('button', { name: words.feeder.config.edit }).click();
    await page.getByLabel(new RegExp(`^${words.names.parameters.oxygenStopMgPerLitre}`)).fill('5,5');
    await page.getByRole('button', { name: words.feeder.config.review }).click();
    await dialog.getByRole('button', { name: words.change.settings.confirm }).click();
    await isTold(at, words.change.endings.applied['set-config']);
    await showsHeld(at.row('oxygenStopMgPerLitre'), '5,5 mg/L');
    expect(farm.plc('pond-1').panel.get('oxygenStopMgPerLitre')).toBe(5.5);
  });

  test('the whole change by the keyboard alone, the focus seen and never lost', async () => {
    const { page, words, heard } = await openConsole(await farm.signInLink());
    await page.getByText('Upper pond (1)').first().waitFor();
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const element = document.activeElement;
        return element === null || element === document.body ? '' : `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent}`;
      });
    const isSeen = (): Promise<boolean> =>
      page.evaluate(() => {
        // A tile is lit up as a whole.
        for (let element = document.activeElement; element !== null && element.localName !== 'main'; element = element.parentElement) {
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          if (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) return true;
        }
        return false;
      });
    /** Tabs on until what has the focus is what is looked for. */
    const tabTo = async (what: string): Promise<void> => {
      for (let tabs = 0; tabs < 60; tabs += 1) {
        await page.keyboard.press('Tab');
        if (plain(await focused()).includes(plain(what))) {
          expect(await isSeen(), `the focus on ${what}`).toBe(true);
          return;
        }
      }
      expect.fail(`expected to come to ${what} by Tab; the focus is on ${await focused()}`);
    };
    await tabTo('Upper pond (1)');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Upper pond (1)' }).waitFor();
    await tabTo(words.feeder.config.edit);
    await page.keyboard.press('Enter');
    const field = page.getByLabel(new RegExp(`^${words.names.parameters.mealGrams}`));
    await expect.poll(() => field.evaluate((input) => input === document.activeElement)).toBe(true);
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('135');
    await page.keyboard.press('Enter');
    const dialog = page.locator('dialog[open]');
    await dialog.waitFor();
    await expect.poll(() => dialog.getByRole('button', { name: words.change.settings.confirm }).isEnabled()).toBe(true);
    await tabTo(words.change.settings.confirm);
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await heard()).join('\n')).toContain(words.change.endings.applied['set-config']);
    expect(farm.plc('pond-1').panel.get('mealGrams')).toBe(135);
    await expect.poll(focused).not.toBe('');
  });
});
