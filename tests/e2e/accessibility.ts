import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The rules that colours decide: nothing else of a page differs in dark. */
const rulesOfColours = ['color-contrast', 'link-in-text-block'];

/** What axe finds wrong on the page as it stands, one line for each element; empty when nothing is. In dark only its colours are looked at. */
export async function findAccessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(finishTransitions);
  // Evaluated by the debugger, so the page's content security policy does not stand against it.
  await page.evaluate(axeSource);
  const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const rules = JSON.stringify(dark ? rulesOfColours : tags);
  const results = (await page.evaluate(`axe.run(document, { runOnly: ${rules} })`)) as AxeResults;
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${help}: ${target.join(' ')} ${any[0]?.message ?? ''}`),
  );
}

/** Colours that are still changing are not what people see; spinners turn for ever. */
async function finishTransitions(): Promise<void> {
  const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
  await Promise.allSettled(ending.map(({ finished }) => finished));
}
