import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES, directionOf } from '../../console/words/language.ts';
import { axeFindings } from './support/axe.ts';
import { describeInBrowser } from './support/browser.ts';
import { openConsole, plain, type ConsolePage, type Device } from './support/console-page.ts';
import { READY_WITHIN_MS, startDemo, type Demo } from './support/demo.ts';
import { tellFigures } from './support/figures.ts';
import { sidewaysOverflow, smallTargets } from './support/layout.ts';
import { SCENES, show } from './support/scenes.ts';

const PHONE = 360;
const DESK = 1440;
const PICTURES = 'docs/screens';

describeInBrowser('the console of the demo', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo();
    return () => demo.stop();
  }, 2 * READY_WITHIN_MS);

  const signedIn = async (device: Device): Promise<ConsolePage> => {
    const opened = await openConsole(demo.signInLink, device);
    await opened.page.getByText('Upper pond').first().waitFor();
    return opened;
  };

  test('is signed in by the link, and shows six feeders with a week behind them, one offline, one with an alarm', async (context) => {
    const startedMs = performance.now();
    const { page, words } = await signedIn({ width: DESK });
    tellFigures(context, { 'from the start of the demo to its link, ms': Math.round(demo.readyMs), 'from the link to the first feeder, ms': Math.round(performance.now() - startedMs) });
    const { summary } = words.fleet;
    const counted = page.getByRole('group', { name: summary.label }).getByRole('button');
    await expect.poll(async () => (await counted.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim())).toEqual(
      expect.arrayContaining([`6 ${summary.all}`, `1 ${summary.offline}`]),
    );
    await page.getByText(words.alarms.names.motorJam).first().waitFor();
    await page.getByRole('link', { name: 'Upper pond' }).click();
    await page.getByRole('button', { name: `${words.charts.asTable} ${words.charts.meals.title}` }).click();
    const days = page.getByRole('region', { name: words.charts.meals.title }).getByRole('row');
    expect(await days.count()).toBeGreaterThanOrEqual(1 + 7);
    const fed = (await days.allInnerTexts()).map((row) => row.split('\t')[1] ?? '').filter((grams) => /^[1-9][\d,.]* k?g$/.test(plain(grams)));
    expect(fed.length).toBeGreaterThanOrEqual(6);
  });

  describe.each(LANGUAGES)('in %s', (language) => {
    test.each([PHONE, DESK])('every screen %i px wide: nothing to scroll sideways, nothing too small to press, nothing that axe finds', { timeout: 120_000 }, async (width) => {
      const opened = await openConsole(new URL(demo.signInLink).origin, { language, width });
      const { page, words } = opened;
      await page.getByRole('heading', { name: words.signIn.title }).waitFor();
      const found: Record<string, string[]> = {};
      const look = async (name: string): Promise<void> => {
        const findings = [...(await sidewaysOverflow(page)), ...(await smallTargets(page)), ...(await axeFindings(page))];
        if (findings.length > 0) found[name] = findings;
      };
      await look('sign-in');
      await page.goto(demo.signInLink);
      await page.getByText('Upper pond').first().waitFor();
      expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])).toEqual([language, directionOf(language)]);
      for (const scene of SCENES) {
        await show(page, words, scene);
        await look(scene.name);
      }
      expect(found).toEqual({});
    });
  });

  describe.each(['dark', 'sunlight'] as const)('in %s colours', (theme) => {
    test.each([PHONE, DESK])('every screen %i px wide has contrast enough', { timeout: 120_000 }, async (width) => {
      const { page, words } = await signedIn({ width });
      await page.getByRole('button', { name: words.common.menu, exact: true }).click();
      await page.getByRole('button', { name: words.common.themes[theme], exact: true }).click();
      expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe(theme);
      const found: Record<string, string[]> = {};
      for (const scene of SCENES) {
        await show(page, words, scene);
        const findings = await axeFindings(page, 'color-contrast');
        if (findings.length > 0) found[scene.name] = findings;
      }
      expect(found).toEqual({});
    });
  });

  describe.skipIf(process.env['SCREENS'] !== 'write')('the pictures of the README', () => {
    const wide = { width: 1280, height: 800 };
    const narrow = { width: PHONE, height: 720 };
    test.each<[name: string, sceneName: string | undefined, device: Device, at?: string]>([
      ['fleet', undefined, wide],
      ['feeder', 'feeder', wide],
      ['charts', 'feeder', wide, '#feeder-history'],
      ['change', 'change sheet', narrow],
      ['feed-now', 'feed-now sheet', narrow],
      ['fleet-hebrew', undefined, { ...narrow, language: 'he' }],
      ['dark', 'fleet, rows', { ...wide, colours: 'dark' }],
    ])('%s', async (name, sceneName, device, at = 'h1') => {
      const { page, words } = await signedIn(device);
      const scene = SCENES.find((each) => each.name === sceneName);
      if (scene) await show(page, words, scene);
      await expect.poll(() => page.locator('main').innerText()).not.toContain(words.common.loading);
      await page.locator(at).evaluate((place) => place.scrollIntoView({ block: 'start', behavior: 'instant' }));
      if (at === 'h1') await page.evaluate(() => scrollTo(0, 0));
      await mkdir(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled', caret: 'hide' });
    });
  });
});
