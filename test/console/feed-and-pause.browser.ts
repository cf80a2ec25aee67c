import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { isolated } from '../../console/format/isolate.ts';
import { eventually } from '../support/bridge.ts';
import { askOnce, isTold, openFeeder, pressTwiceAtOnce, showsHeld, textOf, type FeederPage } from './support/at-feeder.ts';
import { describeInBrowser } from './support/browser.ts';
import { openConsole } from './support/console-page.ts';
import { openFarm, type TestFarm } from './support/farm.ts';

const FEEDERS = ['pond-1', 'pond-2', 'pond-3'].map((feederId, index) => ({ feederId, name: `Pond number ${index + 1}` }));

describeInBrowser('feeding and pausing', () => {
  let farm: TestFarm;
  beforeAll(async () => {
    farm = await openFarm({ feeders: FEEDERS });
  });
  afterAll(() => farm.dispose());
  beforeEach(() => farm.settle());

  const commandsOf = async (feederId: string) => (await farm.commands(feederId)).map(({ kind, state, grams, changes }) => ({ kind, state, ...(grams !== undefined && { grams }), ...(changes && { changes }) }));
  const openDose = async (at: FeederPage): Promise<void> => {
    const { page, words, name, dialog } = at;
    await page.getByRole('button', { name: words.change.feedNow.ofFeeder(isolated(name)) }).click();
    await dialog.getByLabel(words.change.feedNow.grams).waitFor();
  };
  const goOn = ({ dialog, words }: FeederPage): Promise<void> => dialog.getByRole('button', { name: words.change.feedNow.next }).click();
  const confirmDose = ({ dialog, words }: FeederPage, grams: string) => dialog.getByRole('button', { name: words.change.feedNow.confirm(isolated(grams)) });

  test('pause is one tap away in the fleet, asks once, and says paused only when the PLC is', async () => {
    const { page, words } = await openConsole(await farm.signInLink(), { width: 360 });
    const { pause, resume } = words.change;
    const name = isolated('Pond number 1');
    await page.getByRole('button', { name: pause.ofFeeder(name) }).click();
    expect(await commandsOf('pond-1')).toEqual([]);
    farm.plc('pond-1').faults.delay({ ms: 1_000, meets: 'write', times: 1 });
    const dialog = page.locator('dialog[open]');
    expect(await textOf(dialog)).toContain(pause.text);
    await dialog.getByRole('button', { name: pause.action, exact: true }).click();
    await page.getByRole('button', { name: pause.under }).waitFor();
    expect(await page.getByRole('button', { name: resume.ofFeeder(name) }).count()).toBe(0);
    await page.getByRole('button', { name: resume.ofFeeder(name) }).waitFor();
    expect(farm.plc('pond-1').panel.get('feedingEnabled')).toBe(false);
    expect(await commandsOf('pond-1')).toEqual([{ kind: 'set-config', state: 'applied', changes: { feedingEnabled: false } }]);
  });

  test('tapping twice by habit confirms nothing that was not seen', async () => {
    const at = await openFeeder(farm, 'pond-1', 'Pond number 1');
    const { page, words, dialog } = at;
    const before = (await farm.commands('pond-1')).length;
    const twice = { clickCount: 2, delay: 30 };
    await page.getByRole('group', { name: words.feeder.actions }).getByRole('button', { name: words.change.pause.ofFeeder(isolated(at.name)) }).click(twice);
    // The second tap was on its way before anybody had seen what it would confirm.
    await dialog.getByText(words.change.pause.text).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.count()).toBe(0);
    await openDose(at);
    await dialog.getByLabel(words.change.feedNow.grams).fill('10');
    await dialog.getByRole('button', { name: words.change.feedNow.next }).click(twice);
    const confirm = confirmDose(at, '10 g');
    await expect.poll(() => confirm.isEnabled()).toBe(true);
    expect(await farm.commands('pond-1')).toHaveLength(before);
  });

  test('one may think again: nothing is sent', async () => {
    const at = await openFeeder(farm, 'pond-1', 'Pond number 1');
    const { page, words, dialog } = at;
    const before = (await farm.commands('pond-1')).length;
    const button = page.getByRole('group', { name: words.feeder.actions }).getByRole('button', { name: words.change.pause.ofFeeder(isolated(at.name)) });
    await button.click();
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.count()).toBe(0);
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await farm.commands('pond-1')).toHaveLength(before);
  });

  test('paused and running again, each told when the PLC confirmed it', async () => {
    const at = await openFeeder(farm, 'pond-1', 'Pond number 1');
    const { words } = at;
    await askOnce(at, 'pause');
    await isTold(at, words.change.endings.applied.pause);
    await showsHeld(at.row('feedingEnabled'), words.names.feedingOff);
    await askOnce(at, 'resume');
    await isTold(at, words.change.endings.applied.resume);
    await showsHeld(at.row('feedingEnabled'), words.names.feedingOn);
  });

  test('a feeder that is offline cannot be paused from here: tapping says so, and what to do', async () => {
    const at = await openFeeder(farm, 'pond-1', 'Pond number 1');
    const { page, words, dialog } = at;
    await farm.stopAgent();
    await page.getByText(words.names.presence.offline, { exact: true }).first().waitFor();
    await page.getByRole('group', { name: words.feeder.actions }).getByRole('button', { name: words.change.pause.ofFeeder(isolated(at.name)) }).click();
    await dialog.getByText(words.change.cannot.offline).waitFor();
    expect(await dialog.getByRole('button', { name: words.change.pause.action, exact: true }).count()).toBe(0);
  });

  test('feed now shows what it is checked against and what was fed last, feeds once, and says so', async () => {
    const at = await openFeeder(farm, 'pond-2', 'Pond number 2');
    const { words, dialog } = at;
    const { feedNow } = words.change;
    await openDose(at);
    const asked = await textOf(dialog);
    for (const part of ['500 g', '5,000 g', feedNow.lastFed]) expect(asked).toContain(part);
    await dialog.getByLabel(feedNow.grams).fill('60');
    await goOn(at);
    await dialog.getByText(feedNow.certain(isolated('60 g'), isolated(at.name))).waitFor();
    expect(await commandsOf('pond-2')).toEqual([]);
    await pressTwiceAtOnce(confirmDose(at, '60 g'));
    await isTold(at, words.change.endings.applied['feed-now']);
    expect(farm.plc('pond-2').doses.map(({ grams }) => grams)).toEqual([60]);
    expect(await commandsOf('pond-2')).toEqual([{ kind: 'feed-now', state: 'applied', grams: 60 }]);

    // It was just fed: that is said before another one, and the farm computer keeps it.
    await eventually(async () => (JSON.stringify((await farm.bridge.rest('GET', '/feeders/pond-2/overview')).body).includes('"lastDose":{') ? true : undefined), 15_000);
    await openDose(at);
    await dialog.getByText(feedNow.lastDose).waitFor();
    await dialog.locator('.note-warn').waitFor();
    await dialog.getByLabel(feedNow.grams).fill('10');
    await goOn(at);
    await confirmDose(at, '10 g').click();
    await isTold(at, words.problems.byReason['minimum-gap']);
    expect(farm.plc('pond-2').doses.length).toBe(1);
  });

  test.each([
    ['501', 'too-much'],
    ['0', 'not-positive'],
    ['sixty', 'unreadable'],
  ] as const)('%s grams are turned away before anything is sent', async (typed, fault) => {
    const at = await openFeeder(farm, 'pond-3', 'Pond number 3');
    await openDose(at);
    const field = at.dialog.getByLabel(at.words.change.feedNow.grams);
    await field.fill(typed);
    await goOn(at);
    await at.dialog.getByText(at.words.change.feedNow.faults[fault]).waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await commandsOf('pond-3')).toEqual([]);
    expect(farm.plc('pond-3').doses.length).toBe(0);
  });
});
