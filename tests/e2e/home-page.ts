import type { Page } from 'playwright-core';

/** How a person finds their way on the first page. */
export function homePage(page: Page) {
  return {
    open: (url: string) => page.goto(`${url}/`),
    heading: (name: string) => page.getByRole('heading', { name }),
    /** How many tables have this status. */
    count: (status: string) =>
      page
        .locator('dl > div')
        .filter({ has: page.getByText(status, { exact: true }) })
        .getByRole('definition'),
    changed: page.getByRole('list', { name: 'Tables that changed last' }).getByRole('listitem'),
    failing: page.getByRole('list', { name: 'Tables that failed' }).getByRole('listitem'),
    requests: page.getByRole('list', { name: /requests/i }).getByRole('listitem'),
    commands: page.getByRole('region', { name: 'The commands that begin on a laptop' }),
  };
}
