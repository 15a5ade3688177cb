import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The rules that colours decide: nothing else of a page differs in dark. */
const rulesOfColours = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds wrong on the page as it stands, one line for each element; empty when nothing is. The colours are looked at in dark, too,
 * and the page at the width of a telephone, where nothing may stand beside it; the page is then as it was.
 */
export async function findAccessibilityFaults(page: Page): Promise<string[]> {
  const faults = await runAxe(page, tags);
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const size = page.viewportSize();
  await page.emulateMedia({ colorScheme: isDark ? 'light' : 'dark' });
  const inOtherColours = await runAxe(page, rulesOfColours);
  await page.setViewportSize({ width: 400, height: 800 });
  const beside = await page.evaluate(measureBeside);
  if (size) await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' });
  return [
    ...faults,
    ...inOtherColours.map((fault) => `${isDark ? 'light' : 'dark'}: ${fault}`),
    ...(beside > 0 ? [`narrow: ${beside} pixels stand beside the page`] : []),
  ];
}

/** Menus that float follow a change of size in the frames after it. */
async function measureBeside(): Promise<number> {
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  return document.documentElement.scrollWidth - window.innerWidth;
}

async function runAxe(page: Page, rules: readonly string[]): Promise<string[]> {
  await page.evaluate(finishTransitions);
  // Evaluated by the debugger, so the page's content security policy does not stand against it.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axeSource);
  const results = (await page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(rules)} })`)) as AxeResults;
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${help}: ${target.join(' ')} ${any[0]?.message ?? ''}`),
  );
}

/** Colours that are still changing are not what people see; spinners turn for ever. */
async function finishTransitions(): Promise<void> {
  const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
  await Promise.allSettled(ending.map(({ finished }) => finished));
}
