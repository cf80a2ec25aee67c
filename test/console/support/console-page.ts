import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { inject, onTestFinished } from 'vitest';
import { z } from 'zod';
import { en } from '../../../console/words/en.ts';
import { es } from '../../../console/words/es.ts';
import { he } from '../../../console/words/he.ts';
import type { Language } from '../../../console/words/language.ts';
import type { Words } from '../../../console/words/catalogue.ts';
import { sharedBrowser } from './browser.ts';

export const WORDS: Record<Language, Words> = { en, es, he };
const LOCALES: Record<Language, string> = { en: 'en-GB', es: 'es-ES', he: 'he-IL' };

/** The device that looks: a phone, a wall screen, somebody far away. */
export type Device = {
  language?: Language;
  width?: number;
  height?: number;
  /** Where the device is; not where the farm is. */
  timeZone?: string;
  colours?: 'light' | 'dark';
  /** Whether the console may keep itself for when there is no network. */
  keepsConsole?: boolean;
  hasTouch?: boolean;
};

/** The console in a browser of its own. */
export type ConsolePage = {
  page: Page;
  context: BrowserContext;
  /** What it says, in its language. */
  words: Words;
  /** Every request so far, as method and path with query. */
  requests: string[];
  /** Everything that was told to those who listen, so far. */
  heard: () => Promise<string[]>;
  /** Complaints of the browser that pass are part of the test. Any other fails it. */
  allow(complaint: RegExp): void;
};

/** What the browser says of answers that are errors; the console shows them, and tests look at that. */
const REFUSED = /^Failed to load resource: the server responded with a status of (401|404|409|412|422|429|502|503|504) /;
/** What it says of a network that is away. */
export const NO_NETWORK = /^Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|FAILED|NETWORK_CHANGED|INCOMPLETE_CHUNKED_ENCODING|SOCKET_NOT_CONNECTED)/;

/**
 * Opens an address in a browser of its own; it ends with the test. The test fails where the page asks for anything that is
 * not of its own origin, breaks its policy, or throws; a failure leaves a picture and what the browser said.
 */
export async function openConsole(address: string, device: Device = {}): Promise<ConsolePage> {
  const { language = 'en', width = 1440, height = width < 600 ? 780 : 900, timeZone = 'America/New_York', colours = 'light', keepsConsole = false, hasTouch = width < 600 } = device;
  const { origin } = new URL(address);
  const context = await (await sharedBrowser()).newContext({
    viewport: { width, height },
    locale: LOCALES[language],
    timezoneId: timeZone,
    colorScheme: colours,
    serviceWorkers: keepsConsole ? 'allow' : 'block',
    hasTouch,
    // What moves makes pictures differ, and nothing is to depend on it.
    reducedMotion: 'reduce',
  });
  await context.addInitScript(listen);
  const page = await context.newPage();
  // A wait that is in vain tells of itself before the test is given up.
  context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  const allowed: RegExp[] = [REFUSED];
  const said: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    said.push(`${message.type()}: ${message.text()}`);
    if (message.type() === 'error' || /Content Security Policy/i.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => {
    said.push(`uncaught: ${error.stack ?? error.message}`);
    complaints.push(`uncaught: ${error.message}`);
  });
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (['data:', 'blob:'].includes(url.protocol)) return;
    requests.push(`${request.method()} ${url.pathname}${url.search}`);
    if (url.origin !== origin) complaints.push(`asked ${request.method()} ${request.url()}, which is not of this bridge`);
  });
  onTestFinished(async ({ task }) => {
    const unforeseen = complaints.filter((complaint) => !allowed.some((pattern) => pattern.test(complaint)));
    if (task.result?.state === 'fail' || unforeseen.length > 0) await keepEvidence(page, task.name, [...said, '', ...requests]);
    await context.close();
    if (unforeseen.length > 0) throw new Error(`the browser complained:\n${unforeseen.join('\n')}`);
  });
  await page.goto(address);
  const heard = async (): Promise<string[]> => z.array(z.string()).parse(await page.evaluate('heard')).map(plain);
  return { page, context, words: WORDS[language], requests, heard, allow: (complaint) => void allowed.push(complaint) };
}

/** Keeps what is put into live regions, in the page. */
function listen(): void {
  const heard: string[] = [];
  Object.assign(globalThis, { heard });
  const hear = ({ target }: MutationRecord): void => {
    const element = target instanceof Element ? target : target.parentElement;
    const region = element?.closest('[aria-live="polite"], [aria-live="assertive"], [role="status"], [role="alert"]');
    if (region?.textContent) heard.push(region.textContent);
  };
  new MutationObserver((records) => records.forEach(hear)).observe(document, { subtree: true, childList: true, characterData: true });
}

/** A text without marks of direction, its spaces being spaces: what a person reads. */
export const plain = (text: string): string => text.replace(/[\u2066-\u2069\u200e\u200f]/g, '').replace(/\s+/g, ' ').trim();

let kept = 0;

/** A picture of the page and what the browser said, where a person finds it. */
async function keepEvidence(page: Page, testName: string, said: readonly string[]): Promise<void> {
  const folder = inject('evidence');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${process.pid}-${++kept}-${testName.replace(/[^\w]+/g, '-').slice(0, 80)}`);
  writeFileSync(`${file}.log`, `${page.url()}\n${said.join('\n')}\n`);
  // A page that hangs or has gone leaves no picture.
  await page.screenshot({ path: `${file}.png`, timeout: 5_000 }).catch(() => undefined);
  console.error(`what it looked like, and what the browser said: ${file}.png, .log`);
}
