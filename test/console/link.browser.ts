import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeKey } from '../support/api-key.ts';
import { describeInBrowser } from './support/browser.ts';
import { NO_NETWORK, openConsole, plain, type ConsolePage, type Device } from './support/console-page.ts';
import { openFarm, type TestFarm } from './support/farm.ts';

describeInBrowser('the link to the bridge', () => {
  let farm: TestFarm;
  beforeAll(async () => {
    farm = await openFarm({ feeders: [{ feederId: 'pond-1', name: 'Upper pond' }, { feederId: 'pond-2', name: 'Mill pond' }] });
  });
  afterAll(() => farm.dispose());

  /** Signed in with a key, which a restart of the bridge does not end. */
  const open = async (device: Device = {}): Promise<ConsolePage> => {
    const { key } = await makeKey(farm.bridge, 'operator');
    const opened = await openConsole(farm.bridge.url, device);
    const { page, words } = opened;
    await page.getByLabel(words.signIn.key, { exact: true }).fill(key);
    await page.getByRole('button', { name: words.signIn.submit, exact: true }).click();
    await page.getByText('Upper pond').first().waitFor();
    await page.getByText(words.common.link.live, { exact: true }).waitFor();
    opened.allow(NO_NETWORK);
    return opened;
  };
  const pauseButtons = ({ page, words }: ConsolePage) => page.getByRole('button', { name: words.change.pause.ofFeeder('\u2068') });

  test('is lost: said at once and aloud, values with their age, nothing can be changed; it is back by itself', async () => {
    const opened = await open();
    const { page, words } = opened;
    await expect.poll(() => pauseButtons(opened).first().isEnabled()).toBe(true);
    await farm.bridge.stop();
    await page.getByText(words.common.link.lostShort, { exact: true }).waitFor({ timeout: 5_000 });
    expect(await opened.heard()).toContain(words.common.link.lost);
    await page.getByText('Upper pond').first().waitFor();
    await page.getByText(words.fleet.asOf).first().waitFor();
    for (const button of await pauseButtons(opened).all()) expect(await button.isDisabled()).toBe(true);

    await page.getByRole('link', { name: 'Upper pond' }).click();
    await page.getByRole('heading', { level: 1, name: 'Upper pond' }).waitFor();
    expect(await page.getByRole('button', { name: words.feeder.config.edit }).isDisabled()).toBe(true);
    await page.getByText(words.change.cannot.linkLost).first().waitFor();

    await farm.bridge.restart();
    await page.getByText(words.common.link.live, { exact: true }).waitFor({ timeout: 20_000 });
    await expect.poll(opened.heard).toContain(words.common.link.back);
    await expect.poll(() => page.getByRole('button', { name: words.feeder.config.edit }).isEnabled(), { timeout: 20_000 }).toBe(true);
  });

  test('a session by a code ends with the bridge that knew it, and that is said', async () => {
    const opened = await openConsole(await farm.signInLink());
    const { page, words } = opened;
    opened.allow(NO_NETWORK);
    await page.getByText(words.common.link.live, { exact: true }).waitFor();
    await farm.bridge.restart();
    await page.getByText(words.signIn.ended).waitFor({ timeout: 20_000 });
  });

  test('the console opens without it, with the last values and their age, and nothing can be changed', async () => {
    const opened = await open({ keepsConsole: true });
    const { page, words } = opened;
    await page.evaluate('navigator.serviceWorker.ready');
    await expect.poll(() => page.evaluate('navigator.serviceWorker.controller !== null')).toBe(true);
    await farm.bridge.stop();
    await page.reload();
    await page.getByText('Upper pond').first().waitFor();
    const shown = plain(await page.locator('body').innerText());
    expect(shown).toContain(plain(words.common.link.offlineCopy('§')).split('§')[0]);
    expect(shown).toMatch(/\d+ sec|\d+ min/);
    for (const button of await pauseButtons(opened).all()) expect(await button.isDisabled()).toBe(true);
    await page.getByRole('link', { name: 'Mill pond' }).click();
    await page.getByRole('heading', { level: 1, name: 'Mill pond' }).waitFor();

    await farm.bridge.restart();
    await page.getByText(words.common.link.live, { exact: true }).waitFor({ timeout: 20_000 });
  });

  test('signing out erases what the device has kept', async () => {
    const opened = await open({ keepsConsole: true });
    const { page, words } = opened;
    await page.evaluate('navigator.serviceWorker.ready');
    await page.getByRole('button', { name: words.common.menu }).click();
    await page.getByRole('button', { name: words.common.signOut }).click();
    await page.getByRole('heading', { name: words.signIn.title }).waitFor();
    await farm.bridge.stop();
    await page.reload();
    await page.getByText(words.common.unreached.title).waitFor({ timeout: 20_000 });
    expect(await page.getByText('Upper pond').count()).toBe(0);
    await farm.bridge.restart();
    await page.getByRole('heading', { name: words.signIn.title }).waitFor({ timeout: 20_000 });
  });
});
