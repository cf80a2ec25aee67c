import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { isolated } from '../../../console/format/isolate.ts';
import { openConsole, plain, type ConsolePage, type Device } from './console-page.ts';
import type { Role, TestFarm } from './farm.ts';

export type FeederPage = ConsolePage & {
  feederId: string;
  name: string;
  /** The row of a setting, as the PLC holds it. */
  row(parameter: string): Locator;
  dialog: Locator;
};

/** A feeder's screen, once it is live; `name` is what people call the feeder. */
export async function openFeeder(farm: TestFarm, feederId: string, name: string, device: Device & { role?: Role } = {}): Promise<FeederPage> {
  const { role = 'operator', ...rest } = device;
  const opened = await openConsole(await farm.signInLink(role), rest);
  const { page, words } = opened;
  await page.getByText(words.common.link.live, { exact: true }).waitFor();
  await page.goto(`${farm.bridge.url}/#/feeders/${feederId}`);
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.getByRole('heading', { name: words.feeder.sections.config, exact: true }).waitFor();
  const labels: Readonly<Record<string, string>> = words.names.parameters;
  return {
    ...opened,
    feederId,
    name,
    row: (parameter) => page.locator('.setting').filter({ has: page.getByText(labels[parameter] ?? parameter, { exact: true }) }),
    dialog: page.locator('dialog[open]'),
  };
}

/** Fills in settings, as typed, and goes on to the sheet that asks whether they are meant. */
export async function fillIn({ page, words, dialog }: FeederPage, typed: Readonly<Record<string, string>>): Promise<void> {
  const labels: Readonly<Record<string, string>> = words.names.parameters;
  await page.getByRole('button', { name: words.feeder.config.edit }).click();
  for (const [parameter, text] of Object.entries(typed)) await page.getByLabel(new RegExp(`^${labels[parameter]}`)).fill(text);
  await page.getByRole('button', { name: words.feeder.config.review }).click();
  await dialog.getByRole('button', { name: words.change.settings.confirm }).waitFor();
}

/** Fills in settings and sends them. */
export async function change(at: FeederPage, typed: Readonly<Record<string, string>>): Promise<void> {
  await fillIn(at, typed);
  await confirmSettings(at).click();
}

export const confirmSettings = ({ dialog, words }: FeederPage): Locator => dialog.getByRole('button', { name: words.change.settings.confirm });

/** Presses Pause or Resume, and confirms it. */
export async function askOnce({ page, dialog, words, name }: FeederPage, kind: 'pause' | 'resume'): Promise<void> {
  await page.getByRole('group', { name: words.feeder.actions }).getByRole('button', { name: words.change[kind].ofFeeder(isolated(name)) }).click();
  await dialog.getByRole('button', { name: words.change[kind].action, exact: true }).click();
}

/** Presses a button a second time before the page can show what came of the first. */
export async function pressTwiceAtOnce(button: Locator): Promise<void> {
  await expect.poll(() => button.isEnabled()).toBe(true);
  await button.evaluate((element) => {
    if (!(element instanceof HTMLElement)) throw new Error('expected a button');
    element.click();
    element.click();
  });
}

/** What a place says, as a person reads it. */
export const textOf = async (place: Locator): Promise<string> => plain(await place.innerText());

/** Resolves when a row shows this value, and nothing is under way for it. */
export async function showsHeld(row: Locator, value: string): Promise<void> {
  await expect.poll(async () => plain((await row.locator('.setting-value').innerText()))).toBe(value);
  await expect.poll(() => row.locator('.status-pending').count()).toBe(0);
}

/** Resolves when an outcome is shown in these words, and was told to those who listen. */
export async function isTold({ page, heard }: FeederPage, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    await page.locator('.outcome').filter({ hasText: text }).first().waitFor({ timeout: 20_000 });
    await expect.poll(async () => (await heard()).some((each) => each.includes(plain(text))), { message: `expected to hear: ${text}` }).toBe(true);
  }
}
