import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { toInstant } from '../topics/identifiers.ts';
import { eventually, openTestBridge } from './support/bridge.ts';
import { liveFeeder } from './support/live-feeder.ts';
import { MailServer, Receiver } from './support/notices.ts';
import { listOf, problemIn } from './support/rest-shapes.ts';
import type { ScriptedAgent } from './support/scripted-agent.ts';

const bridge = await openTestBridge({ ALLOW_PRIVATE_WEBHOOKS: 'true' });
afterAll(() => bridge.dispose());

const instant = z.iso.datetime({ precision: 3 });
const filters = { sites: z.array(z.string()).nullable(), severities: z.array(z.string()).nullable() };
const Webhook = z.strictObject({
  webhookId: z.uuid(),
  url: z.string(),
  ...filters,
  types: z.array(z.string()).nullable(),
  createdBy: z.string(),
  createdAt: instant,
});
const NewWebhook = Webhook.extend({ secret: z.string() });
const Delivery = z.strictObject({
  noticeId: z.uuid(),
  event: z.enum(['alarm-raised', 'alarm-cleared']),
  alarmId: z.uuid(),
  alarmName: z.string(),
  feederId: z.string(),
  state: z.enum(['waiting', 'delivered', 'given-up']),
  madeAt: instant,
  attempts: z.int(),
  lastAttemptAt: instant.nullable(),
  lastResult: z.string().nullable(),
  nextAttemptAt: instant.nullable(),
});
const Contact = z.strictObject({
  emailContactId: z.uuid(),
  addresses: z.array(z.string()),
  escalateAfterMinutes: z.int(),
  ...filters,
  createdBy: z.string(),
  createdAt: instant,
});

const list = async <T extends z.ZodType>(item: T, path: string) => listOf(item).parse((await bridge.rest('GET', path)).body);

let seq = 0;
/** What an agent tells of a bit of its PLC. */
const tell = (agent: ScriptedAgent, name: string, active: boolean): Promise<void> =>
  agent.publish('records', { spoolId: 'spool-1', records: [{ seq: seq++, at: toInstant(Date.now()), kind: 'alarm', name, active }] });

test('an alarm of the PLC reaches a webhook, and what became of that is told', async () => {
  const receiver = await Receiver.start();
  const answer = await bridge.rest('POST', '/webhooks', { body: { url: receiver.url, sites: ['farm'], types: ['motorJam'] } });
  expect(answer.status).toBe(201);
  const { secret, ...made } = NewWebhook.parse(answer.body);
  expect(made).toMatchObject({ url: receiver.url, sites: ['farm'], severities: null, types: ['motorJam'], createdBy: 'ADMIN_KEY' });

  const agent = await liveFeeder(bridge, 'pond-1');
  await tell(agent, 'motorJam', true);
  await tell(agent, 'hopperLow', true);
  const [raised] = await receiver.has(1);
  await tell(agent, 'motorJam', false);
  const [, cleared] = await receiver.has(2);
  expect(receiver.told).toEqual(['alarm-raised pond-1 motorJam', 'alarm-cleared pond-1 motorJam']);
  expect(raised?.isSigned(secret)).toBe(true);
  const { items: alarms } = listOf(z.looseObject({ name: z.string() })).parse((await bridge.rest('GET', '/feeders/pond-1/alarms')).body);
  expect(cleared?.alarm).toEqual(alarms.find(({ name }) => name === 'motorJam'));

  const path = `/webhooks/${made.webhookId}/deliveries`;
  const deliveries = await eventually(async () => {
    const { items } = await list(Delivery, path);
    return items.every(({ state }) => state === 'delivered') ? items : undefined;
  });
  expect(deliveries).toMatchObject([
    { noticeId: cleared?.noticeId, event: 'alarm-cleared', alarmName: 'motorJam', feederId: 'pond-1', attempts: 1, lastResult: 'answered 204', nextAttemptAt: null },
    { noticeId: raised?.noticeId, event: 'alarm-raised' },
  ]);
  const first = await list(Delivery, `${path}?limit=1`);
  expect(first.items).toEqual(deliveries.slice(0, 1));
  expect((await list(Delivery, `${path}?limit=1&cursor=${String(first.nextCursor)}`)).items).toEqual(deliveries.slice(1));
}, 30_000);

test('webhooks are listed newest first without their secrets, outlive a restart, and are removed', async () => {
  const ids: string[] = [];
  for (const path of ['a', 'b']) {
    const { body } = await bridge.rest('POST', '/webhooks', { body: { url: `https://farm.example/${path}`, severities: ['critical', 'warning'] } });
    ids.unshift(NewWebhook.parse(body).webhookId);
  }
  await bridge.restart();
  const { items } = await list(Webhook, '/webhooks');
  expect(items.slice(0, 2).map(({ webhookId }) => webhookId)).toEqual(ids);
  const first = await list(Webhook, '/webhooks?limit=1');
  expect((await list(Webhook, `/webhooks?limit=1&cursor=${String(first.nextCursor)}`)).items).toEqual(items.slice(1, 2));
  expect(await list(Delivery, `/webhooks/${String(ids[0])}/deliveries`)).toEqual({ items: [] });

  const path = `/webhooks/${String(ids[0])}`;
  expect((await bridge.rest('DELETE', path)).status).toBe(204);
  problemIn(await bridge.rest('DELETE', path), 404, 'not-found');
  problemIn(await bridge.rest('DELETE', '/webhooks/made-up'), 404, 'not-found');
  problemIn(await bridge.rest('GET', `${path}/deliveries`), 404, 'not-found');
  problemIn(await bridge.rest('GET', '/webhooks/made-up/deliveries'), 404, 'not-found');
  expect((await list(Webhook, '/webhooks')).items.map(({ webhookId }) => webhookId)).not.toContain(ids[0]);
});

test('each mistake is pointed at, and nothing is made', async () => {
  const url = 'https://farm.example/alarms';
  const mistakes: [object, string[]][] = [
    [{}, ['/url']],
    [{ url: 'farm.example' }, ['/url']],
    [{ url: 'ftp://farm.example' }, ['/url']],
    [{ url: 'https://user:secret@farm.example' }, ['/url']],
    [{ url: `https://farm.example/${'x'.repeat(2048)}` }, ['/url']],
    [{ url, sites: [] }, ['/sites']],
    [{ url, sites: ['North Farm'] }, ['/sites/0']],
    [{ url, severities: ['critical', 'bad'] }, ['/severities/1']],
    [{ url, types: ['motor jam'] }, ['/types/0']],
    // What is not known might have been meant to limit it.
    [{ url, site: 'farm' }, ['']],
  ];
  const before = await list(Webhook, '/webhooks');
  for (const [body, pointers] of mistakes) {
    const { errors } = problemIn(await bridge.rest('POST', '/webhooks', { body }), 400, 'malformed');
    expect(errors?.map(({ pointer }) => pointer), JSON.stringify(body)).toEqual(pointers);
  }
  expect(await list(Webhook, '/webhooks')).toEqual(before);
});

test('a webhook with an address that is not public is not made, unless that is allowed', async () => {
  await bridge.restart({ ALLOW_PRIVATE_WEBHOOKS: 'false' });
  for (const host of ['127.0.0.1:3000', '10.1.2.3', '[fd00::1]', '[::ffff:192.168.1.1]', '169.254.169.254', '0x7f.1', '0']) {
    const { errors } = problemIn(await bridge.rest('POST', '/webhooks', { body: { url: `http://${host}/` } }), 400, 'malformed');
    expect(errors?.map(({ pointer, detail }) => `${pointer}: ${detail}`), host).toEqual(['/url: expected a public address']);
  }
  expect((await bridge.rest('POST', '/webhooks', { body: { url: 'http://192.0.1.1/' } })).status).toBe(201);
});

describe('e-mail', () => {
  test('without a mail server no contact is made, and it is told what to do', async () => {
    const { detail } = problemIn(await bridge.rest('POST', '/email-contacts', { body: { addresses: ['kari@farm.example'] } }), 409, 'email-not-set-up');
    expect(detail).toContain('SMTP_URL and SMTP_FROM');
  });

  test('an alarm reaches a contact that REST made, which is listed and removed', async () => {
    const mail = await MailServer.start();
    await bridge.restart({ SMTP_URL: mail.url, SMTP_FROM: 'bridge@farm.example' });
    const answer = await bridge.rest('POST', '/email-contacts', { body: { addresses: ['kari@farm.example', 'boss@farm.example'] } });
    expect(answer.status).toBe(201);
    const made = Contact.parse(answer.body);
    expect(made).toMatchObject({ escalateAfterMinutes: 15, sites: null, severities: null, createdBy: 'ADMIN_KEY' });
    expect((await list(Contact, '/email-contacts?limit=1')).items).toEqual([made]);

    const agent = await liveFeeder(bridge, 'pond-2');
    await tell(agent, 'motorJam', true);
    const [letter] = await mail.has(1);
    expect(letter).toMatchObject({ to: ['kari@farm.example'], from: 'bridge@farm.example' });
    expect(letter?.subject).toContain('motor jam');
    // What the mail says to do works.
    const path = /POST \/api\/v1(\S+)/.exec(letter?.text ?? '')?.[1] ?? expect.fail('no way to acknowledge');
    expect((await bridge.rest('POST', path)).status).toBe(200);

    expect((await bridge.rest('DELETE', `/email-contacts/${made.emailContactId}`)).status).toBe(204);
    problemIn(await bridge.rest('DELETE', `/email-contacts/${made.emailContactId}`), 404, 'not-found');
    problemIn(await bridge.rest('DELETE', '/email-contacts/made-up'), 404, 'not-found');
  }, 30_000);

  test.each<[object, string[]]>([
    [{}, ['/addresses']],
    [{ addresses: [] }, ['/addresses']],
    [{ addresses: ['kari@farm.example', 'kari'] }, ['/addresses/1']],
    [{ addresses: ['Kari <kari@farm.example>'] }, ['/addresses/0']],
    [{ addresses: ['kari@farm.example\r\nBcc: x@y.example'] }, ['/addresses/0']],
    [{ addresses: ['kari@farm.example'], escalateAfterMinutes: 0 }, ['/escalateAfterMinutes']],
    [{ addresses: ['kari@farm.example'], types: ['motorJam'] }, ['']],
  ])('%j is refused', async (body, pointers) => {
    const { errors } = problemIn(await bridge.rest('POST', '/email-contacts', { body }), 400, 'malformed');
    expect(errors?.map(({ pointer }) => pointer)).toEqual(pointers);
  });
});
