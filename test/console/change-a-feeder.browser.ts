import type { Request } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/bridge.ts';
import { askOnce, change, confirmSettings, fillIn, isTold, openFeeder, pressTwiceAtOnce, showsHeld, textOf, type FeederPage } from './support/at-feeder.ts';
import { describeInBrowser } from './support/browser.ts';
import { NO_NETWORK } from './support/console-page.ts';
import { openFarm, type TestFarm } from './support/farm.ts';

const POND = 'pond-1';
const NAME = 'Upper pond';
/** What the simulated PLC's factory set. */
const FACTORY = { mealGrams: 100, spreaderPercent: 60 };
const SLOW_MS = 1_200;

describeInBrowser('changing a feeder', () => {
  let farm: TestFarm;
  beforeAll(async () => {
    farm = await openFarm({ feeders: [{ feederId: POND, name: NAME }], ackTimeoutMs: 4_000 });
  });
  afterAll(() => farm.dispose());
  let before: string[];
  beforeEach(async () => {
    await farm.settle();
    before = (await farm.commands(POND)).map(({ commandId }) => commandId);
  });
  /** The commands that came of this test, newest first. */
  const came = async () => (await farm.commands(POND)).filter(({ commandId }) => !before.includes(commandId));
  const open = (): Promise<FeederPage> => openFeeder(farm, POND, NAME);
  const plc = () => farm.plc(POND);
  /** Has the next PATCH wait on its way to the bridge until something was done. */
  const holdUp = async (at: FeederPage, meanwhile: () => Promise<unknown>): Promise<void> => {
    let isFirst = true;
    await at.page.route('**/api/v1/feeders/*/config', async (route) => {
      const isHeld = isFirst && route.request().method() === 'PATCH';
      if (isHeld) {
        isFirst = false;
        await meanwhile();
      }
      await route.continue();
    });
  };

  test('what is there and what it becomes is shown with unit, range and age; the old value stands until the new one is read back', async () => {
    const at = await open();
    const { dialog, words } = at;
    await showsHeld(at.row('mealGrams'), `${FACTORY.mealGrams} g`);
    await fillIn(at, { mealGrams: '130' });
    const asked = await textOf(dialog);
    for (const part of [words.names.parameters.mealGrams, `${FACTORY.mealGrams} g`, '130 g', '0 g – 5,000 g', words.change.settings.asOf]) expect(asked).toContain(part);
    plc().faults.delay({ ms: SLOW_MS, meets: 'write', times: 1 });
    await confirmSettings(at).click();
    await at.row('mealGrams').locator('.status-pending').waitFor();
    const pending = await textOf(at.row('mealGrams'));
    expect(pending).toContain('→ 130 g');
    expect(await textOf(at.row('mealGrams').locator('.setting-value'))).toBe(`${FACTORY.mealGrams} g`);
    await isTold(at, words.change.endings.applied['set-config']);
    await showsHeld(at.row('mealGrams'), '130 g');
    expect(plc().panel.get('mealGrams')).toBe(130);
    expect((await came()).map(({ state }) => state)).toEqual(['applied']);
  });

  test('what the feeder does not take is said beside the field, and nothing is sent', async () => {
    const at = await open();
    const { page, words } = at;
    await page.getByRole('button', { name: words.feeder.config.edit }).click();
    const field = page.getByLabel(new RegExp(`^${words.names.parameters.mealGrams}`));
    await field.fill('50001');
    await page.getByRole('button', { name: words.feeder.config.review }).click();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await textOf(page.locator('.field').filter({ has: field }))).toContain('0 g – 5,000 g');
    expect(await at.dialog.count()).toBe(0);
    expect(await came()).toEqual([]);
  });

  test('what was filled in is still there after a look at another screen, until it is put aside', async () => {
    const { page, words } = await open();
    await page.getByRole('button', { name: words.feeder.config.edit }).click();
    const field = page.getByLabel(new RegExp(`^${words.names.parameters.mealGrams}`));
    await field.fill('130');
    await page.evaluate(() => history.back());
    await field.waitFor({ state: 'detached' });
    await page.evaluate(() => history.forward());
    await field.waitFor();
    expect(await field.inputValue()).toBe('130');
    await page.getByRole('button', { name: words.common.cancel }).click();
    await page.getByRole('button', { name: words.feeder.config.edit }).click();
    expect(await field.inputValue()).toBe(String(FACTORY.mealGrams));
    expect(await came()).toEqual([]);
  });

  describe('pressed twice, or with an answer lost, it is sent once', () => {
    test('two presses at once', async () => {
      const at = await open();
      await fillIn(at, { mealGrams: '131' });
      await pressTwiceAtOnce(confirmSettings(at));
      await isTold(at, at.words.change.endings.applied['set-config']);
      expect(await came()).toHaveLength(1);
      expect(plc().writesOf('mealGrams')).toBe(1);
    });

    const keysOf = (requests: readonly Request[]): Promise<(string | null)[]> => Promise.all(requests.map((request) => request.headerValue('idempotency-key')));

    test.each([
      ['the answer', true],
      ['the question', false],
    ])('%s is lost: it is asked again with the same key', async (_, isAsked) => {
      const at = await open();
      at.allow(NO_NETWORK);
      const patches: Request[] = [];
      at.page.on('request', (request) => {
        if (request.method() === 'PATCH') patches.push(request);
      });
      await at.page.route('**/api/v1/feeders/*/config', async (route) => {
        if (route.request().method() !== 'PATCH' || patches.length > 1) return route.continue();
        if (isAsked) await route.fetch();
        return route.abort('connectionreset');
      });
      await change(at, { mealGrams: '132' });
      await isTold(at, at.words.change.endings.applied['set-config']);
      const keys = await keysOf(patches);
      expect(keys.length).toBeGreaterThan(1);
      expect(new Set(keys).size).toBe(1);
      expect(keys[0]).toMatch(/^\S{16,}$/);
      expect(await came()).toHaveLength(1);
      expect(plc().writesOf('mealGrams')).toBe(1);
    });

    test('the network goes while it is on its way: it says that it asks again, and then how it ended', async () => {
      const at = await open();
      at.allow(NO_NETWORK);
      plc().faults.delay({ ms: SLOW_MS, meets: 'write', times: 1 });
      await change(at, { mealGrams: '133' });
      await eventually(() => (plc().writes.length > 0 ? true : undefined));
      await at.context.setOffline(true);
      await at.page.getByText(at.words.common.link.lostShort, { exact: true }).waitFor();
      await eventually(async () => ((await came())[0]?.state === 'applied' ? true : undefined));
      await at.context.setOffline(false);
      await isTold(at, at.words.change.endings.applied['set-config']);
      await showsHeld(at.row('mealGrams'), '133 g');
      expect(await came()).toHaveLength(1);
    });

    test('the page is opened anew while it is under way: it is still shown as such, then how it ended', async () => {
      const at = await open();
      at.allow(NO_NETWORK);
      plc().faults.delay({ ms: 2_500, meets: 'write', times: 1 });
      await change(at, { mealGrams: '134' });
      await eventually(() => (plc().writes.length > 0 ? true : undefined));
      at.page.on('dialog', (dialog) => void dialog.accept());
      await at.page.reload();
      await at.row('mealGrams').locator('.status-pending').waitFor();
      await isTold(at, at.words.change.endings.applied['set-config']);
      await showsHeld(at.row('mealGrams'), '134 g');
      expect(await came()).toHaveLength(1);
    });
  });

  describe('turned away at the door', () => {
    test('the feeder goes offline: it cannot be sent, and why; once it is back it can', async () => {
      const at = await open();
      const { page, words, dialog } = at;
      await fillIn(at, { mealGrams: '140' });
      await farm.stopAgent();
      await dialog.getByText(words.change.cannot.offline).waitFor();
      expect(await confirmSettings(at).isDisabled()).toBe(true);
      await dialog.getByRole('button', { name: words.common.cancel }).click();
      await page.locator('#config-obstacle').filter({ hasText: words.change.cannot.offline }).waitFor();
      await farm.startAgent();
      await page.getByRole('button', { name: words.feeder.config.review }).click();
      await confirmSettings(at).click();
      await isTold(at, words.change.endings.applied['set-config']);
    });

    test('it went offline just as it was sent', async () => {
      const at = await open();
      await fillIn(at, { mealGrams: '141' });
      await holdUp(at, () => farm.stopAgent());
      await confirmSettings(at).click();
      await isTold(at, at.words.change.endings.offline);
      await showsHeld(at.row('mealGrams'), `${FACTORY.mealGrams} g`);
      expect(plc().writes).toEqual([]);
    });

    test('its PLC does not answer: it cannot be sent, and why', async () => {
      const at = await open();
      const { page, words, dialog } = at;
      await fillIn(at, { mealGrams: '142' });
      await plc().disconnect();
      await dialog.getByText(words.change.cannot.plcUnreachable).waitFor();
      expect(await confirmSettings(at).isDisabled()).toBe(true);
      await plc().reconnect();
      await expect.poll(() => confirmSettings(at).isEnabled(), { timeout: 10_000 }).toBe(true);
      expect(await page.getByText(words.names.plc.ok).count()).toBeGreaterThan(0);
    });

    test('its PLC went just as it was sent', async () => {
      const at = await open();
      await fillIn(at, { mealGrams: '143' });
      await holdUp(at, async () => {
        await plc().disconnect();
        await eventually(async () => (JSON.stringify((await farm.bridge.rest('GET', `/feeders/${POND}`)).body).includes('unreachable') ? true : undefined));
      });
      await confirmSettings(at).click();
      await isTold(at, at.words.change.endings.plcUnreachable);
      await showsHeld(at.row('mealGrams'), `${FACTORY.mealGrams} g`);
    });
  });

  describe('not done', () => {
    test('the PLC refuses to be written', async () => {
      const at = await open();
      const { words } = at;
      plc().faults.exception('mealGrams', 2, 'write');
      await change(at, { mealGrams: '150' });
      await isTold(at, words.change.endings.rejected, words.problems.byReason['plc-exception'], words.change.endings.asBefore);
      await showsHeld(at.row('mealGrams'), `${FACTORY.mealGrams} g`);
    });

    test('a value does not stick: what was written is put back', async () => {
      const at = await open();
      const { words } = at;
      plc().faults.stick('spreaderPercent');
      await change(at, { mealGrams: '151', spreaderPercent: '71' });
      await isTold(at, words.problems.byReason['read-back-mismatch'], words.change.endings.asBefore);
      await showsHeld(at.row('mealGrams'), `${FACTORY.mealGrams} g`);
      expect(plc().panel.get('mealGrams')).toBe(FACTORY.mealGrams);
    });

    test('the PLC keeps another value: it is told which, with a warning', async () => {
      const at = await open();
      plc().faults.clamp('mealGrams', { max: 120 });
      await change(at, { mealGrams: '152' });
      const told = at.page.locator('.outcome');
      await told.waitFor();
      await expect.poll(() => textOf(told)).toContain('120 g');
      await showsHeld(at.row('mealGrams'), '120 g');
    });

    test('a pause overtakes it', async () => {
      const at = await open();
      const { words } = at;
      await fillIn(at, { mealGrams: '153' });
      await expect.poll(() => confirmSettings(at).isEnabled()).toBe(true);
      // The agent does one thing at a time; the change waits for this one.
      plc().faults.delay({ ms: 2_700, meets: 'write', times: 1 });
      const dose = farm.bridge.rest('POST', `/feeders/${POND}/commands`, { body: { kind: 'feed-now', grams: 10 }, headers: { 'Idempotency-Key': `dose-${before.length}` } });
      await eventually(() => (plc().writes.length > 0 ? true : undefined));
      await confirmSettings(at).click();
      await askOnce(at, 'pause');
      await isTold(at, words.change.endings.superseded, words.change.endings.applied.pause);
      await showsHeld(at.row('mealGrams'), `${FACTORY.mealGrams} g`);
      await showsHeld(at.row('feedingEnabled'), words.names.feedingOff);
      expect((await dose).status).toBe(200);
    });
  });

  describe('somebody else changes the settings meanwhile: it is a choice', () => {
    const byPanel = async (): Promise<void> => {
      plc().panel.set('spreaderPercent', 61);
      await eventually(async () => ((await farm.held(POND, 'spreaderPercent')) === 61 ? true : undefined));
    };
    const byAnother = async (): Promise<void> => {
      expect((await farm.bridge.rest('PATCH', `/feeders/${POND}/config`, { body: { mealGrams: 77, spreaderPercent: 61 } })).status).toBe(200);
    };

    test('at the panel; theirs is kept, and nothing more is sent', async () => {
      const at = await open();
      const { dialog, words } = at;
      await fillIn(at, { mealGrams: '160' });
      await holdUp(at, byPanel);
      await confirmSettings(at).click();
      await dialog.getByRole('heading', { name: words.change.meanwhile.title }).waitFor();
      await expect.poll(() => textOf(dialog)).toContain('61 %');
      await dialog.getByRole('button', { name: words.change.meanwhile.keep }).click();
      await expect.poll(() => dialog.count()).toBe(0);
      await showsHeld(at.row('spreaderPercent'), '61 %');
      await showsHeld(at.row('mealGrams'), `${FACTORY.mealGrams} g`);
      expect(plc().writes).toEqual([]);
    });

    test('by another user, to the same setting; mine is made of theirs', async () => {
      const at = await open();
      const { dialog, words } = at;
      await fillIn(at, { mealGrams: '161' });
      await holdUp(at, byAnother);
      await confirmSettings(at).click();
      await dialog.getByRole('heading', { name: words.change.meanwhile.title }).waitFor();
      const row = dialog.getByRole('row').filter({ hasText: words.names.parameters.mealGrams });
      // What was seen, what it is now, what is wanted.
      await expect.poll(async () => (await row.getByRole('cell').allInnerTexts()).map((text) => text.replace(/\s/g, ' '))).toEqual([`${FACTORY.mealGrams} g`, '77 g', '161 g']);
      await dialog.getByRole('button', { name: words.change.meanwhile.apply }).click();
      await isTold(at, words.change.endings.applied['set-config']);
      await showsHeld(at.row('mealGrams'), '161 g');
      await showsHeld(at.row('spreaderPercent'), '61 %');
    });

    test('what another has under way is shown as that, and by whom', async () => {
      const at = await open();
      plc().faults.delay({ ms: 2_000, meets: 'write', times: 1 });
      const other = farm.bridge.rest('PATCH', `/feeders/${POND}/config`, { body: { mealGrams: 78 } });
      await at.row('mealGrams').locator('.status-pending').waitFor();
      const shown = await textOf(at.row('mealGrams'));
      expect(shown).toContain('→ 78 g');
      expect(shown).toContain(at.words.change.by('ADMIN_KEY').replace('ADMIN_KEY', ''));
      expect(await textOf(at.row('mealGrams').locator('.setting-value'))).toBe(`${FACTORY.mealGrams} g`);
      expect((await other).status).toBe(200);
      await showsHeld(at.row('mealGrams'), '78 g');
    });
  });

  describe('no outcome in time: it is said so, and followed until there is one', () => {
    const overdue = async (at: FeederPage): Promise<void> => isTold(at, at.words.change.standingHints.overdue);

    test('the PLC took it before it was unplugged: done', async () => {
      const at = await open();
      plc().faults.silence({ mode: 'act', meets: 'write' });
      await change(at, { mealGrams: '170' });
      await eventually(() => (plc().writes.length > 0 ? true : undefined));
      await plc().disconnect();
      await overdue(at);
      expect(await textOf(at.row('mealGrams').locator('.setting-value'))).toBe(`${FACTORY.mealGrams} g`);
      plc().faults.clear();
      await plc().reconnect();
      await isTold(at, at.words.change.endings.applied['set-config']);
      await showsHeld(at.row('mealGrams'), '170 g');
      expect(await came()).toHaveLength(1);
    });

    test('the PLC was unplugged before it took it: too late, not done', async () => {
      const at = await open();
      plc().faults.silence({ mode: 'swallow', meets: 'write' });
      await change(at, { mealGrams: '171' });
      await eventually(() => (plc().writes.length > 0 ? true : undefined));
      await plc().disconnect();
      await overdue(at);
      plc().faults.clear();
      await plc().reconnect();
      await isTold(at, at.words.change.endings.expired);
      await showsHeld(at.row('mealGrams'), `${FACTORY.mealGrams} g`);
    });

    test('somebody set it at the panel meanwhile: nobody can tell', async () => {
      const at = await open();
      plc().faults.silence({ mode: 'swallow', meets: 'write' });
      await change(at, { mealGrams: '172' });
      await eventually(() => (plc().writes.length > 0 ? true : undefined));
      await plc().disconnect();
      plc().panel.set('mealGrams', 55);
      await overdue(at);
      plc().faults.clear();
      await plc().reconnect();
      await isTold(at, at.words.change.endings.indeterminate);
      await showsHeld(at.row('mealGrams'), '55 g');
    });
  });
});
