import openapiTypescript, { astToString } from 'openapi-typescript';
import { afterAll, expect, test } from 'vitest';
import { openTestBridge } from './support/bridge.ts';

const bridge = await openTestBridge();
afterAll(() => bridge.dispose());

// `npx vitest run test/console-types.test.ts --update` writes it anew.
test('the console knows the API by the types of its document', async () => {
  const types = astToString(await openapiTypescript(new URL(`${bridge.url}/openapi.json`)));
  await expect(types).toMatchFileSnapshot('../console/api/schema.d.ts');
});
