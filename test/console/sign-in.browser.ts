import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { isolated } from '../../console/format/isolate.ts';
import { makeKey } from '../support/api-key.ts';
import { CLIENT_ID, CLIENT_SECRET } from '../support/oidc-code-flow.ts';
import { AUDIENCE, startOidcIssuer, type OidcIssuer } from '../support/oidc-issuer.ts';
import { describeInBrowser } from './support/browser.ts';
import { NO_NETWORK, openConsole, type ConsolePage } from './support/console-page.ts';
import { openFarm, type TestFarm } from './support/farm.ts';

const NAME = isolated('Upper pond');
const BEARER = 'feederbridge.bearer';

/** All that the browser holds of this page, but for one place. */
const keptBut = (page: Page, place: string): Promise<string> =>
  page.evaluate(async (left) => {
    const tab = Object.entries(sessionStorage).filter(([name]) => name !== left);
    const databases = (await indexedDB.databases()).map(async ({ name = '' }) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error ?? new Error('expected to open it'));
      });
      const stores = [...database.objectStoreNames].map(
        (store) =>
          new Promise<unknown>((resolve, reject) => {
            const reading = database.transaction(store).objectStore(store).getAll();
            reading.onsuccess = () => resolve(reading.result);
            reading.onerror = () => reject(reading.error ?? new Error('expected to read it'));
          }),
      );
      const contents = await Promise.all(stores);
      database.close();
      return contents;
    });
    return JSON.stringify([tab, Object.entries(localStorage), document.cookie, location.href, history.state, await Promise.all(databases)]);
  }, place);

const bearerOf = (page: Page): Promise<string | null> => page.evaluate((name) => sessionStorage.getItem(name), BEARER);

describeInBrowser('signing in', () => {
  let issuer: OidcIssuer;
  let farm: TestFarm;
  beforeAll(async () => {
    issuer = await startOidcIssuer();
    farm = await openFarm({
      feeders: [{ feederId: 'pond-1', name: 'Upper pond' }],
      settings: { OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: AUDIENCE, OIDC_CLIENT_ID: CLIENT_ID, OIDC_CLIENT_SECRET: CLIENT_SECRET },
    });
  });
  afterAll(async () => {
    await farm.dispose();
    await issuer.dispose();
  });

  const seesFleet = ({ page, words }: ConsolePage): Promise<void> => page.getByRole('heading', { level: 1, name: words.common.screens.fleet }).waitFor();
  const seesSignIn = ({ page, words }: ConsolePage): Promise<void> => page.getByRole('heading', { name: words.signIn.title }).waitFor();
  const pauseButton = ({ page, words }: ConsolePage) => page.getByRole('button', { name: words.change.pause.ofFeeder(NAME) });
  const enterKey = async ({ page, words }: ConsolePage, key: string): Promise<void> => {
    await page.getByLabel(words.signIn.key, { exact: true }).fill(key);
    await page.getByRole('button', { name: words.signIn.submit, exact: true }).click();
  };

  test('a key lets one in, lies in the tab alone, and is in no address', async () => {
    const { key } = await makeKey(farm.bridge, 'operator');
    const opened = await openConsole(farm.bridge.url);
    await enterKey(opened, key);
    await seesFleet(opened);
    expect(await bearerOf(opened.page)).toBe(key);
    expect(await keptBut(opened.page, BEARER)).not.toContain(key);
    expect(opened.requests.filter((request) => request.includes(key))).toEqual([]);

    await opened.page.reload();
    await seesFleet(opened);
    const otherTab = await opened.context.newPage();
    await otherTab.goto(farm.bridge.url);
    await otherTab.getByRole('heading', { name: opened.words.signIn.title }).waitFor();
  });

  test('a wrong key is said, aloud too, and can be put right', async () => {
    const opened = await openConsole(farm.bridge.url);
    await enterKey(opened, 'no-key-of-anybody');
    await opened.page.getByText(opened.words.signIn.wrongKey).waitFor();
    // The field has the focus again, and tells what is wrong with it.
    const field = opened.page.getByLabel(opened.words.signIn.key, { exact: true });
    await expect.poll(() => field.evaluate((input) => input === document.activeElement && input.getAttribute('aria-invalid') === 'true')).toBe(true);
    expect(await field.evaluate((input) => (input.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent).join(' '))).toContain(opened.words.signIn.wrongKey);
    expect(await bearerOf(opened.page)).toBeNull();
    await enterKey(opened, (await makeKey(farm.bridge, 'viewer')).key);
    await seesFleet(opened);
  });

  test('a link lets one in once, and its code is gone from the address and the history', async () => {
    const link = await farm.signInLink();
    const code = link.split('sign-in=')[1] ?? expect.fail('expected a code');
    const opened = await openConsole(link);
    await seesFleet(opened);
    expect(opened.page.url()).not.toContain(code);
    expect(await keptBut(opened.page, BEARER)).not.toContain(code);
    const bearer = (await bearerOf(opened.page)) ?? expect.fail('expected a bearer');
    expect(await keptBut(opened.page, BEARER)).not.toContain(bearer);
    expect(opened.requests.filter((request) => request.includes(code) || request.includes(bearer))).toEqual([]);
    await opened.page.goBack().catch(() => null);
    expect(opened.page.url()).not.toContain(code);

    const again = await openConsole(link);
    await again.page.getByRole('alert').filter({ hasText: again.words.signIn.codeUsed }).waitFor();
  });

  test('somebody without a role for it sees no way to change, and the bridge refuses it all the same', async () => {
    const viewer = await openConsole(await farm.signInLink('viewer'));
    const { page, words } = viewer;
    await page.getByText('Upper pond').first().waitFor();
    expect(await page.getByRole('link', { name: words.common.screens.admin }).count()).toBe(0);
    expect(await pauseButton(viewer).count()).toBe(0);
    await page.goto(`${farm.bridge.url}/#/feeders/pond-1`);
    await page.getByRole('heading', { level: 1, name: 'Upper pond' }).waitFor();
    await page.getByRole('heading', { name: words.feeder.sections.config, exact: true }).waitFor();
    const { pause, feedNow, clearAlarms } = words.change;
    for (const name of [pause.ofFeeder(NAME), feedNow.ofFeeder(NAME), clearAlarms.ofFeeder(NAME), words.feeder.config.edit]) {
      expect(await page.getByRole('button', { name }).count(), name).toBe(0);
    }
    await page.goto(`${farm.bridge.url}/#/admin/keys`);
    await page.getByRole('heading', { name: words.common.notFound.title }).waitFor();
    const status = await page.evaluate(async (bearer) => {
      const headers = { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' };
      return (await fetch('/api/v1/feeders/pond-1/commands', { method: 'POST', headers, body: '{"kind":"pause"}' })).status;
    }, await bearerOf(page));
    expect(status).toBe(403);
    viewer.allow(/status of 403 /);
  });

  test('an operator may change feeders and see no admin screens; an admin may see both', async () => {
    const operator = await openConsole(await farm.signInLink('operator'));
    await pauseButton(operator).waitFor();
    expect(await operator.page.getByRole('link', { name: operator.words.common.screens.admin }).count()).toBe(0);
    const admin = await openConsole(await farm.signInLink('admin'));
    await admin.page.getByRole('link', { name: admin.words.common.screens.admin }).click();
    await admin.page.getByRole('link', { name: admin.words.admin.pages.keys }).click();
    await admin.page.getByRole('button', { name: admin.words.admin.keys.make }).waitFor();
  });

  test('a key that is revoked ends the session at once, and says so', async () => {
    const { key, apiKeyId } = await makeKey(farm.bridge, 'operator');
    const opened = await openConsole(farm.bridge.url);
    await enterKey(opened, key);
    await seesFleet(opened);
    opened.allow(NO_NETWORK);
    expect((await farm.bridge.rest('DELETE', `/keys/${apiKeyId}`)).status).toBe(204);
    await seesSignIn(opened);
    await opened.page.getByText(opened.words.signIn.ended).waitFor();
    expect(await bearerOf(opened.page)).toBeNull();
  });

  test('signing out forgets the bearer here, and the bridge does too', async () => {
    const opened = await openConsole(await farm.signInLink());
    const { page, words } = opened;
    await seesFleet(opened);
    const bearer = await bearerOf(page);
    opened.allow(NO_NETWORK);
    await page.getByRole('button', { name: words.common.menu }).click();
    await page.getByRole('button', { name: words.common.signOut }).click();
    await seesSignIn(opened);
    expect(await bearerOf(page)).toBeNull();
    await expect.poll(async () => (await farm.bridge.rest('GET', '/me', { headers: { Authorization: `Bearer ${bearer}` } })).status).toBe(401);
    expect(await keptBut(page, BEARER)).not.toContain('Upper pond');
  });

  describe('through the issuer', () => {
    const goToIssuer = ({ page, words }: ConsolePage): Promise<void> =>
      page.getByRole('button', { name: words.signIn.withIssuer(new URL(issuer.url).host) }).click();
    const openBesideIssuer = async (): Promise<ConsolePage> => {
      const opened = await openConsole(farm.bridge.url);
      // The one page elsewhere: whoever vouches for people.
      opened.allow(/^asked GET http:\/\/127\.0\.0\.1:\d+\/authorize\?/);
      return opened;
    };

    test('somebody it vouches for comes back signed in, and the code is in no address', async () => {
      issuer.codeFlow.tokens = { access_token: await issuer.token({ name: 'Kari Nordmann', feederbridge_role: 'operator' }) };
      const opened = await openBesideIssuer();
      await goToIssuer(opened);
      await seesFleet(opened);
      expect(new URL(opened.page.url()).search).toBe('');
      await pauseButton(opened).waitFor();
    });

    test('somebody who may do nothing here is told so', async () => {
      issuer.codeFlow.tokens = { access_token: await issuer.token({ feederbridge_role: undefined }) };
      const opened = await openBesideIssuer();
      await goToIssuer(opened);
      await opened.page.getByRole('alert').filter({ hasText: opened.words.signIn.issuerRefused }).waitFor();
    });

    test('an answer that nobody asked for lets nobody in', async () => {
      const opened = await openConsole(`${farm.bridge.url}/?code=stray&state=stray`);
      await opened.page.getByRole('alert').filter({ hasText: opened.words.signIn.issuerStray }).waitFor();
      expect(opened.page.url()).not.toContain('stray');
      expect(opened.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
    });
  });
});
