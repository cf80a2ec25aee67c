import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { decode, TOPICS } from '../topics/topics.ts';

const README = readFileSync(fileURLToPath(new URL('../topics/README.md', import.meta.url)), 'utf8');

test('the tree that people read is the table that the programs use, row by row', () => {
  const rows = README.split('\n').filter((line) => line.startsWith('| `feeder/'));
  const expected = Object.entries(TOPICS).map(
    ([name, { from, qos, retain, about }]) =>
      `| \`feeder/{id}/${name}\` | ${from} | ${qos} | ${retain ? 'yes' : 'no'} | ${about} |`,
  );
  expect(rows).toEqual(expected);
});

test('every example in it is a message that the programs would take as it stands', () => {
  const examples = [...README.matchAll(/^`(feeder\/[a-z0-9/-]+)`\n\n```json\n([^`]*)```/gm)];
  expect(examples.length).toBeGreaterThanOrEqual(6);
  for (const [, topic = '', json = ''] of examples) {
    const decoded = decode(topic, Buffer.from(json));
    expect(decoded).toMatchObject({ ok: true });
    if (decoded.ok) expect(decoded.value.payload).toEqual(JSON.parse(json));
  }
});
