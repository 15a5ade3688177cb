import type { Page } from 'playwright-core';

/** How a person finds their way on the page of the instance. */
export function instancePage(page: Page) {
  const dialog = page.getByRole('dialog');
  return {
    open: (url: string) => page.goto(`${url}/admin/instance`),
    figure: (name: string) => page.locator('dl > div').filter({ hasText: name }),
    runs: page.locator('li[data-run]'),
    secrets: page.locator('li[data-secret]'),
    keys: page.locator('li[data-key]'),
    dialog,
    press: (name: string) => dialog.getByRole('button', { name, exact: true }).click(),
  };
}
