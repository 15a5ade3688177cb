import type { Page } from 'playwright-core';

/** How a person finds their way on the page of one table. */
export function tablePage(page: Page) {
  return {
    open: (url: string, sqlName: string, search = '') => page.goto(`${url}/tables/${sqlName}${search}`),
    heading: (sqlName: string) => page.getByRole('heading', { level: 1, name: sqlName }),
    facts: page.getByRole('definition'),
    columns: page.locator('tr[data-column]'),
    column: (name: string) => page.locator(`tr[data-column=${JSON.stringify(name)}]`),
    sample: page.getByRole('region', { name: 'Some rows of the table' }),
    chart: page.getByRole('img', { name: /last .*sync/ }),
    reasons: page.getByRole('list', { name: 'Why you may read it' }).getByRole('listitem'),
    code: (label: string) => page.getByRole('region', { name: label }),
    missing: page.getByRole('heading', { level: 1, name: 'There is no such table for you' }),
    reason: page.getByRole('textbox', { name: 'What you need it for' }),
    ask: page.getByRole('button', { name: 'Ask for access' }),
  };
}
