import { expect, test } from 'vitest';
import { keyAsPasted } from '../../console/session/key-as-pasted.ts';
import { begunIn, issuerAnswerIn } from '../../console/session/oidc.ts';

test.each([
  ['  w3Jv9QdX1rT6\n', 'w3Jv9QdX1rT6'],
  ['Bearer w3Jv9QdX1rT6', 'w3Jv9QdX1rT6'],
  ['Authorization: bearer w3Jv9QdX1rT6', 'w3Jv9QdX1rT6'],
  ['"w3Jv9Qd\r\nX1rT6"', 'w3Jv9QdX1rT6'],
  ['   ', ''],
])('a key pasted as %j is %j', (pasted, key) => {
  expect(keyAsPasted(pasted)).toBe(key);
});

test.each([
  ['?code=abc&state=s1', { state: 's1', code: 'abc' }],
  ['?error=access_denied&state=s1', { state: 's1', code: undefined }],
  ['?code=abc', undefined],
  ['?state=s1', undefined],
  ['?from=home', undefined],
  ['', undefined],
])('the issuer’s answer in %j', (search, answer) => {
  expect(issuerAnswerIn(search)).toEqual(answer);
});

test('what was begun is known only while it is whole', () => {
  const begun = { state: 's1', codeVerifier: 'v1', returnTo: '#/feeders/pond-1' };
  expect(begunIn(JSON.stringify(begun))).toEqual(begun);
  const broken = [undefined, '', '{', 'null', '[]', JSON.stringify({ ...begun, state: 1 }), JSON.stringify({ ...begun, returnTo: '//elsewhere.example' })];
  for (const text of broken) expect(begunIn(text)).toBeUndefined();
});
