import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { eventually, openTestBridge } from './support/bridge.ts';
import { listOf, problemIn } from './support/rest-shapes.ts';
import { Explorer, makeSiteLogin } from './support/site-login.ts';

const bridge = await openTestBridge();
afterAll(() => bridge.dispose());

const Listed = z.strictObject({
  siteLoginId: z.uuid(),
  site: z.string(),
  name: z.string(),
  username: z.string(),
  expiresAt: z.string().nullable(),
  createdAt: z.string(),
});

const list = async (query = '') => listOf(Listed).parse((await bridge.rest('GET', `/site-logins${query}`)).body);
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

test('a site login is made with a password that is told once, listed newest first and removed', async () => {
  const expiresAt = inSeconds(3600);
  const answer = await bridge.rest('POST', '/site-logins', { body: { site: 'north-farm', name: ' Laptop ', expiresAt } });
  expect(answer.status).toBe(201);
  const { password, ...made } = Listed.extend({ password: z.string() }).parse(answer.body);
  expect(made).toMatchObject({ site: 'north-farm', name: 'Laptop', expiresAt });
  expect(made.username).toMatch(/^north-farm_[a-z0-9]{8}$/);
  expect(password).toMatch(/^[\w-]{43}$/);
  const next = await makeSiteLogin(bridge, 'north-farm');
  expect(next.expiresAt).toBeNull();

  expect((await list()).items.slice(0, 2).map(({ siteLoginId }) => siteLoginId)).toEqual([next.siteLoginId, made.siteLoginId]);
  expect((await list()).items).toContainEqual(made);
  const first = await list('?limit=1');
  expect(first.items.map(({ siteLoginId }) => siteLoginId)).toEqual([next.siteLoginId]);
  expect((await list(`?limit=1&cursor=${String(first.nextCursor)}`)).items).toEqual([made]);
  problemIn(await bridge.rest('GET', '/site-logins?cursor=made-up'), 400, 'malformed');

  expect((await bridge.rest('DELETE', `/site-logins/${made.siteLoginId}`)).status).toBe(204);
  problemIn(await bridge.rest('DELETE', `/site-logins/${made.siteLoginId}`), 404, 'not-found');
  problemIn(await bridge.rest('DELETE', '/site-logins/made-up'), 404, 'not-found');
  expect((await list()).items.map(({ siteLoginId }) => siteLoginId)).not.toContain(made.siteLoginId);
});

test('each mistake is pointed at, and nothing is made', async () => {
  const before = await list();
  const right = { site: 'farm', name: 'explorer', expiresAt: null };
  const mistakes: [object, string[]][] = [
    [{}, ['/site', '/name']],
    [{ ...right, site: 'North Farm' }, ['/site']],
    [{ ...right, site: 'farm_1' }, ['/site']],
    [{ ...right, name: ' ' }, ['/name']],
    [{ ...right, name: 'a\u0007b' }, ['/name']],
    [{ ...right, expiresAt: 'tomorrow' }, ['/expiresAt']],
    [{ ...right, expiresAt: inSeconds(-1) }, ['/expiresAt']],
    [{ ...right, expiresAt: Date.now() + 60_000 }, ['/expiresAt']],
    [{ site: 7, name: '', expiresAt: inSeconds(-1) }, ['/site', '/name', '/expiresAt']],
    [[], ['']],
    // What is not known might have been meant to limit it.
    [{ site: 'farm', name: 'x', expires: inSeconds(60) }, ['']],
  ];
  for (const [body, pointers] of mistakes) {
    const { errors } = problemIn(await bridge.rest('POST', '/site-logins', { body }), 400, 'malformed');
    expect(errors?.map(({ pointer }) => pointer), JSON.stringify(body)).toEqual(pointers);
  }
  problemIn(await bridge.rest('POST', '/site-logins', { body: '{' }), 400, 'malformed');
  problemIn(await bridge.rest('GET', '/site-logins', { headers: { Authorization: 'Bearer wrong' } }), 401, 'unauthenticated');
  expect(await list()).toEqual(before);
});

test('removing a login ends its sessions at once, leaves those of others, and lets nobody in with it any more', async () => {
  const login = await makeSiteLogin(bridge, 'farm');
  const other = await Explorer.connect(bridge.wsUrl, await makeSiteLogin(bridge, 'farm'));
  const explorers = [await Explorer.connect(bridge.wsUrl, login), await Explorer.connect(bridge.mqttUrl, login)];
  await bridge.rest('DELETE', `/site-logins/${login.siteLoginId}`);
  await Promise.all(explorers.map(({ closed }) => closed));
  await expect(Explorer.connect(bridge.mqttUrl, login)).rejects.toMatchObject({ code: 4 });
  expect(other.client.connected).toBe(true);
});

test('a login that expires has its sessions ended at that moment, and lets nobody in any more', async () => {
  const expiresAtMs = Date.now() + 1_200;
  const login = await makeSiteLogin(bridge, 'farm', { expiresAt: new Date(expiresAtMs).toISOString() });
  const later = await Explorer.connect(bridge.mqttUrl, await makeSiteLogin(bridge, 'farm', { expiresAt: '9999-12-31T23:59:59Z' }));
  const explorer = await Explorer.connect(bridge.mqttUrl, login);
  await explorer.closed;
  expect(Date.now()).toBeGreaterThanOrEqual(expiresAtMs - 100);
  await expect(Explorer.connect(bridge.mqttUrl, login)).rejects.toMatchObject({ code: 4 });
  expect(later.client.connected).toBe(true);
  expect((await list()).items.map(({ siteLoginId }) => siteLoginId)).toContain(login.siteLoginId);
});

test('logins outlive a restart of the bridge, and those that are not right let nobody in', async () => {
  const login = await makeSiteLogin(bridge, 'farm');
  const before = await list();
  await bridge.restart();
  expect(await list()).toEqual(before);
  await Explorer.connect(bridge.mqttUrl, login);
  const refused = [
    { ...login, password: 'wrong' },
    { ...login, password: '' },
    { ...login, username: 'farm_00000000' },
    { ...login, username: login.username.toUpperCase() },
  ];
  for (const attempt of refused) {
    await expect(Explorer.connect(bridge.mqttUrl, attempt), attempt.username).rejects.toMatchObject({ code: expect.any(Number) as number });
  }
  await eventually(async () => ((await bridge.rest('GET', '//readyz')).status === 200 ? true : undefined));
});
