import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { isolated } from '../../../console/format/isolate.ts';
import type { Words } from '../../../console/words/catalogue.ts';

/** A screen as somebody may see it: how to come there, and how to leave whatever was opened on it. */
export type Scene = { name: string; hash: string; open?: (page: Page, words: Words) => Promise<void> };

const SHOWN = 'Upper pond';
/** Charts are drawn by a script that is loaded when the first is to be seen. */
const DRAWN = { timeout: 15_000 };

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).first().click();
const dialog = (page: Page) => page.locator('dialog[open]');

async function showAs(page: Page, words: Words, layout: 'tiles' | 'rows'): Promise<void> {
  const button = page.getByRole('button', { name: words.fleet.layouts[layout], exact: true });
  if (!(await button.isVisible())) await press(page, words.fleet.view);
  await button.click();
  await page.getByText(SHOWN).first().waitFor();
}

const charts = async (page: Page): Promise<void> => {
  await page.locator('main canvas').first().waitFor();
  await expect.poll(() => page.locator('main canvas').count(), DRAWN).toBeGreaterThanOrEqual(4);
};

/** Every screen of a farm like that of the demo, for an admin. Of those at one address, each goes on from the one before it. */
export const SCENES: readonly Scene[] = [
  { name: 'fleet, tiles', hash: '#/', open: (page, words) => showAs(page, words, 'tiles') },
  { name: 'fleet, rows', hash: '#/', open: (page, words) => showAs(page, words, 'rows') },
  { name: 'settings of the device', hash: '#/', open: (page, words) => press(page, words.common.menu) },
  { name: 'feeder', hash: '#/feeders/pond-1', open: charts },
  { name: 'pause sheet', hash: '#/feeders/pond-1', open: (page, words) => press(page, words.change.pause.ofFeeder(isolated(SHOWN))) },
  {
    name: 'feed-now sheet',
    hash: '#/feeders/pond-1',
    open: async (page, words) => {
      await press(page, words.change.feedNow.ofFeeder(isolated(SHOWN)));
      await dialog(page).getByLabel(words.change.feedNow.grams).fill('50');
    },
  },
  { name: 'settings filled in wrongly', hash: '#/feeders/pond-1', open: (page, words) => fillIn(page, words, '-1') },
  {
    name: 'change sheet',
    hash: '#/feeders/pond-1',
    open: async (page, words) => {
      await fillIn(page, words, '130');
      await dialog(page).getByRole('button', { name: words.change.settings.confirm }).waitFor();
    },
  },
  { name: 'feeder, offline', hash: '#/feeders/pond-4', open: charts },
  { name: 'feeder, with an alarm', hash: '#/feeders/pond-3', open: charts },
  { name: 'activity', hash: '#/activity' },
  { name: 'admin, feeders', hash: '#/admin/feeders' },
  {
    name: 'admin, claim code',
    hash: '#/admin/feeders',
    open: async (page, words) => {
      await press(page, words.admin.feeders.claim);
      await dialog(page).getByRole('button', { name: words.admin.claim.make }).click();
      await dialog(page).getByRole('img', { name: words.admin.claim.qr }).waitFor();
    },
  },
  { name: 'admin, keys', hash: '#/admin/keys' },
  { name: 'admin, a new key', hash: '#/admin/keys', open: (page, words) => press(page, words.admin.keys.make) },
  { name: 'admin, site logins', hash: '#/admin/site-logins' },
  { name: 'admin, audit', hash: '#/admin/audit' },
  { name: 'no such page', hash: '#/nowhere' },
];

async function fillIn(page: Page, words: Words, mealGrams: string): Promise<void> {
  const edit = page.getByRole('button', { name: words.feeder.config.edit });
  if (await edit.isVisible()) await edit.click();
  await page.getByLabel(new RegExp(`^${words.names.parameters.mealGrams}`)).fill(mealGrams);
  await press(page, words.feeder.config.review);
}

/** Shows a scene, from whatever was shown before. */
export async function show(page: Page, words: Words, { hash, open }: Scene): Promise<void> {
  if ((await dialog(page).count()) > 0) {
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog(page).count()).toBe(0);
  }
  if ((await page.evaluate(() => location.hash || '#/')) !== hash) {
    // Another screen in between, so that the one before is surely gone.
    await page.evaluate(() => (location.hash = '#/between'));
    const between = page.getByRole('heading', { name: words.common.notFound.title });
    await between.waitFor();
    await page.evaluate((to) => (location.hash = to), hash);
    if (hash !== '#/nowhere') await between.waitFor({ state: 'detached' });
  }
  await open?.(page, words);
  await expect.poll(() => page.locator('main').innerText(), DRAWN).not.toContain(words.common.loading);
}
