import { beforeAll, expect, test } from 'vitest';
import { describeInBrowser, sharedBrowser, type TestBrowser } from '../kit/browser.ts';

describeInBrowser('the test browser', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await sharedBrowser();
  }, 180_000);

  test('notes what leaves the host and what goes wrong on a page', async () => {
    const { page, consoleErrors, foreignRequests, close } = await browser.newPage();
    await page.setContent('<img src="http://pictures.example.com/one.png"><script>throw new Error("planted")</script>');
    await page.evaluate(() => new WebSocket('ws://events.example.com/').url);
    await expect
      .poll(() => foreignRequests.toSorted())
      .toEqual(['http://pictures.example.com/one.png', 'ws://events.example.com/']);
    expect(consoleErrors.join()).toContain('planted');
    await close();
  });

  test('draws text with the fonts it brings, in the colour scheme and the language asked for', async () => {
    const { page, close } = await browser.newPage({ colorScheme: 'dark' });
    await page.setContent('<span id="narrow">i</span><br><span id="wide">W</span>');
    const widths = await page.evaluate(() =>
      ['narrow', 'wide'].map((id) => document.getElementById(id)?.getBoundingClientRect().width ?? 0),
    );
    expect(widths[0]).toBeGreaterThan(0);
    expect(widths[1]).toBeGreaterThan(widths[0] ?? Infinity);
    expect(await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true);
    expect(await page.evaluate(() => navigator.language)).toBe('en-US');
    await close();
  });
});
