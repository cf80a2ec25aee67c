import { expect, test } from 'vitest';
import { PRESENT_FEEDERS, SITES } from '../demo/farm.ts';
import { welcome } from '../demo/welcome.ts';
import { FeederId, SiteId } from '../topics/identifiers.ts';

const running = {
  url: 'http://127.0.0.1:3000',
  adminKey: 'the-key',
  signInCode: 'the-code',
  plcPorts: new Map(PRESENT_FEEDERS.map(({ feederId }, index) => [feederId, 1502 + index])),
  days: 7,
  nowMs: Date.UTC(2026, 0, 31),
};
const lines = welcome(running).split('\n').filter((line) => line !== '');

test('the first address that the demo tells opens the console, signed in', () => {
  const addresses = lines.flatMap((line) => /https?:\S+/.exec(line) ?? []);
  expect(addresses[0]).toBe('http://127.0.0.1:3000/#sign-in=the-code');
});

test('one line changes what a PLC holds, and the last says how to stop', () => {
  const [change, ...others] = lines.filter((line) => /^ *curl -i /.test(line));
  expect(change).toBe(
    `  curl -i -X PATCH http://127.0.0.1:3000/api/v1/feeders/pond-1/config -H 'Authorization: Bearer the-key' -H 'Content-Type: application/json' -d '{"mealGrams": 120}'`,
  );
  expect(others).toEqual([]);
  expect(lines.at(-1)).toBe('Ctrl-C stops everything.');
});

test('it tells of every feeder, and of those that are there where their PLC listens', () => {
  const feeders = SITES.flatMap(({ site, feeders: of }) => of.map((feeder) => ({ site, ...feeder })));
  for (const { site, feederId, name, condition } of feeders) {
    expect([SiteId.safeParse(site).success, FeederId.safeParse(feederId).success]).toEqual([true, true]);
    const port = running.plcPorts.get(feederId);
    expect(lines.filter((line) => line.startsWith(`  ${site} `) && line.includes(` ${feederId} `) && line.includes(name))).toEqual([
      expect.stringContaining(condition === 'lost' ? 'offline' : `127.0.0.1:${port}`),
    ]);
  }
  expect(new Set(feeders.map(({ feederId }) => feederId)).size).toBe(feeders.length);
});
