import { afterAll, beforeEach, expect, test } from 'vitest';
import { MailServer } from './support/notices.ts';
import { NoticesUnderTest } from './support/notices-under-test.ts';

const bridge = await NoticesUnderTest.open();
afterAll(async () => {
  await bridge.stop();
  await bridge.dispose();
});
await bridge.enrol('pond-1', 'north-farm', { name: 'Nordlaks øst' });
beforeEach(() => bridge.clear());

const MINUTE_MS = 60_000;

async function opened(): Promise<MailServer> {
  const mail = await MailServer.start();
  bridge.start({ mailUrl: mail.url });
  return mail;
}

/** Lets the clock pass minute by minute; whoever is to hear in that time has heard at its end. */
async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) bridge.pass(MINUTE_MS);
  await bridge.settled();
}

test('a mail says in plain words what is wrong where, since when, and what to do', async () => {
  const mail = await opened();
  await bridge.contact(['kari@farm.example', 'boss@farm.example']);
  const alarmId = await bridge.raise('pond-1', 'hopperEmptySoon', { severity: 'critical', detail: 'the hopper lasts for 2 more days' });
  const [letter] = await mail.has(1);
  expect(letter).toMatchObject({ from: 'bridge@farm.example', to: ['kari@farm.example'] });
  expect(letter?.subject).toBe('CRITICAL: hopper empty soon - Nordlaks øst, north-farm');
  expect(letter?.text).toContain('Feeder: Nordlaks øst (pond-1)\nSite: north-farm\nAlarm: hopper empty soon (critical)\nWhat: the hopper lasts for 2 more days\n');
  expect(letter?.text).toMatch(/^Since: \d{1,2} \w+ 20\d\d at \d\d:\d\d (CET|CEST|GMT\+[12])$/m);
  expect(letter?.text).toContain(`POST /api/v1/feeders/pond-1/alarms/${alarmId}/acknowledge`);
  expect(letter?.text).toMatch(/^Unless somebody does, boss@farm\.example hears of it at .* \d\d:\d\d/m);
});

test('while nobody acknowledges, the next address hears, and the next, and then nobody; when it is over all who heard are told', async () => {
  const mail = await opened();
  await bridge.contact(['first@farm.example', 'second@farm.example', 'third@farm.example']);
  await bridge.raise('pond-1', 'oxygenLow', { detail: 'a' });
  await mail.has(1);
  await pass(14);
  expect(mail.letters).toHaveLength(1);
  await pass(2);
  expect(mail.letters.map(({ to }) => to)).toEqual([['first@farm.example'], ['second@farm.example']]);
  // What is due is in the store.
  await bridge.stop();
  bridge.start({ mailUrl: mail.url });
  await pass(600);
  expect(mail.letters).toHaveLength(3);
  await bridge.over('pond-1', 'oxygenLow');
  await mail.has(6);
  await pass(600);
  expect(mail.told.slice(3).sort()).toEqual(['first', 'second', 'third'].map((who) => expect.stringMatching(new RegExp(`^${who}@farm.example: .*Over.*oxygen.low`)) as string));
  // A mail program shows the end below the beginning, and one that comes twice once.
  const [raised, cleared] = [mail.letters[0], mail.letters.find(({ subject, to }) => subject.includes('Over') && to[0] === 'first@farm.example')];
  expect(cleared?.raw).toContain(`In-Reply-To: ${String(raised?.messageId)}`);
  expect(new Set(mail.letters.map(({ messageId }) => messageId)).size).toBe(6);
});

test('once it is acknowledged nobody else hears, and who heard is told when it is over', async () => {
  const mail = await opened();
  await bridge.contact(['first@farm.example', 'second@farm.example']);
  const alarmId = await bridge.raise('pond-1', 'oxygenLow');
  await mail.has(1);
  await pass(14);
  await bridge.acknowledge('pond-1', alarmId);
  await pass(60);
  expect(mail.letters).toHaveLength(1);
  await bridge.over('pond-1', 'oxygenLow');
  await mail.has(2);
  expect(mail.letters[1]?.to).toEqual(['first@farm.example']);
  expect(mail.letters[1]?.text).toMatch(/^Acknowledged: .* by kari$/m);
});

test('an alarm that is over in time wakes nobody else', async () => {
  const mail = await opened();
  await bridge.contact(['first@farm.example', 'second@farm.example']);
  await bridge.raise('pond-1', 'oxygenLow');
  await mail.has(1);
  await bridge.over('pond-1', 'oxygenLow');
  await pass(60);
  expect(mail.letters.map(({ to }) => to)).toEqual([['first@farm.example'], ['first@farm.example']]);
});

test('a mail server that refuses is asked again later', async () => {
  const mail = await opened();
  mail.refuses = 'come back later';
  await bridge.contact(['first@farm.example'], { sites: ['north-farm'], severities: ['warning'] });
  await bridge.raise('pond-1', 'oxygenLow');
  const [failure] = await bridge.failed(1);
  expect(failure?.result).toContain('come back later');
  mail.refuses = null;
  await pass(1);
  await mail.has(1);
});

test('who asked for other sites or severities hears nothing', async () => {
  const mail = await opened();
  await bridge.contact(['elsewhere@farm.example'], { sites: ['south-farm'] });
  await bridge.contact(['critical@farm.example'], { severities: ['critical'] });
  await bridge.contact(['all@farm.example']);
  await bridge.raise('pond-1', 'oxygenLow');
  await pass(20);
  expect(mail.letters.map(({ to }) => to)).toEqual([['all@farm.example']]);
});

test('no name and no detail adds a header or a recipient', async () => {
  const mail = await opened();
  await bridge.enrol('pond-2', 'north-farm', { name: 'Pond\r\nBcc: thief@evil.example\r\n\r\nHello' });
  await bridge.contact(['first@farm.example']);
  await bridge.raise('pond-2', 'oxygenLow', { detail: 'low\r\n.\r\nQUIT\r\n' });
  const [letter] = await mail.has(1);
  expect(letter?.to).toEqual(['first@farm.example']);
  const [head] = letter?.raw.split('\r\n\r\n') ?? [];
  expect(head).not.toMatch(/^(Bcc|Hello)/m);
  expect(letter?.subject).toContain('thief@evil.example');
});
