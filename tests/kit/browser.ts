import { chromium, type Browser, type Page } from 'playwright-core';
import { describe } from 'vitest';
import { chromiumPackage, unpackChromium } from './chromium.ts';

/** A real browser, which ends with this process at the latest. */
export interface TestBrowser {
  newPage: (options?: PageOptions) => Promise<TestPage>;
  close: () => Promise<void>;
}

export interface PageOptions {
  /** Light unless given. */
  colorScheme?: 'light' | 'dark';
  /** The session cookie that the browser has from the start, and the server that gave it. */
  session?: { value: string; url: string };
}

/** A page in a context of its own, and what it did that a page of ours must not do. */
export interface TestPage {
  page: Page;
  /** Errors in the console, uncaught exceptions and breaches of the content security policy. */
  consoleErrors: string[];
  /** Addresses outside this machine that the page asked for. */
  foreignRequests: string[];
  close: () => Promise<void>;
}

const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** A `describe` for tests that need the browser; without its optional package they are skipped and the name says why. */
export function describeInBrowser(name: string, define: () => void): void {
  if (chromiumPackage) describe(name, define);
  else describe.skip(`${name} (needs the optional package @sparticuz/chromium, which is not installed)`, define);
}

/** Starts the Chromium that comes as an npm package; the first start on a machine unpacks it (seconds). */
export async function launchBrowser(): Promise<TestBrowser> {
  if (!chromiumPackage) throw new Error('The optional package @sparticuz/chromium is not installed.');
  const { executablePath, env } = unpackChromium(chromiumPackage);
  const browser = await chromium.launch({ executablePath, env: definedOnly(env), args: launchArguments });
  return {
    newPage: (options = {}) => openPage(browser, options),
    close: () => browser.close(),
  };
}

let shared: Promise<TestBrowser> | undefined;

/** The browser that all files of tests in one process use, each page in a context of its own; nobody closes it. */
export function sharedBrowser(): Promise<TestBrowser> {
  shared ??= launchBrowser();
  return shared;
}

async function openPage(browser: Browser, { colorScheme = 'light', session }: PageOptions): Promise<TestPage> {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'UTC', colorScheme });
  // Below the timeout of a test, so that a failure names what was waited for.
  context.setDefaultTimeout(15_000);
  if (session) await context.addCookies([{ name: 'agnes', ...session, httpOnly: true, sameSite: 'Lax' }]);
  const page = await context.newPage();
  const consoleErrors: string[] = [];
  const foreignRequests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') consoleErrors.push(message.text());
  });
  page.on('pageerror', (error) => consoleErrors.push(String(error)));
  page.on('request', (request) => noteForeign(request.url(), foreignRequests));
  page.on('websocket', (socket) => noteForeign(socket.url(), foreignRequests));
  return { page, consoleErrors, foreignRequests, close: () => context.close() };
}

function noteForeign(address: string, foreignRequests: string[]): void {
  const { protocol, hostname } = new URL(address);
  if (protocol === 'data:' || protocol === 'blob:' || loopbackNames.has(hostname)) return;
  foreignRequests.push(address);
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
