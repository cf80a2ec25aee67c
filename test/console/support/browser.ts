import { chromium, type Browser } from 'playwright-core';
import { describe, inject } from 'vitest';

/** As `describe`; skipped where there is no browser. */
export const describeInBrowser = describe.skipIf(inject('browserAddress') === undefined);

let connected: Promise<Browser> | undefined;

/** The browser that all files share. */
export function sharedBrowser(): Promise<Browser> {
  const address = inject('browserAddress');
  if (address === undefined) throw new Error('expected a browser: describe by describeInBrowser');
  return (connected ??= chromium.connect(address));
}
