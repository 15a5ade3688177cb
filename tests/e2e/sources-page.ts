import type { Page } from 'playwright-core';

/** How a person finds their way on the pages of sources. */
export function sourcesPage(page: Page) {
  const dialog = page.getByRole('dialog');
  const sections = page.getByRole('navigation', { name: 'Parts of this source' }).getByRole('link');
  return {
    open: (url: string) => page.goto(`${url}/admin/sources`),
    openSource: (url: string, name: string, section?: string) =>
      page.goto(`${url}/admin/sources/${name}${section ? `#${section}` : ''}`),
    source: (name: string) => page.locator(`tr[data-source=${JSON.stringify(name)}]`),
    sources: page.locator('tr[data-source]'),
    table: (sqlName: string) => page.locator(`tr[data-table=${JSON.stringify(sqlName)}]`),
    connect: page.getByRole('button', { name: 'Connect a source' }),
    sections,
    section: (name: string) => sections.filter({ hasText: new RegExp(`^${name}$`) }),
    offer: (name: string) => page.getByRole('checkbox', { name, exact: true }),
    button: (name: string) => page.getByRole('button', { name, exact: true }),
    dialog,
    field: (label: string) => page.getByRole('textbox', { name: label, exact: true }),
    press: (name: string) => dialog.getByRole('button', { name, exact: true }).click(),
  };
}

/** How a person finds their way on the pages of sync runs. */
export function syncRunsPage(page: Page) {
  return {
    open: (url: string, search = '') => page.goto(`${url}/admin/sync-runs${search}`),
    runs: page.locator('tr[data-run]'),
    run: (id: string) => page.locator(`tr[data-run=${JSON.stringify(id)}]`),
    table: (sqlName: string) => page.locator(`tr[data-run-table=${JSON.stringify(sqlName)}]`),
    states: () => page.locator('tr[data-run]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-state'))),
    state: page.locator('dd[data-state]'),
    progress: page.getByRole('progressbar'),
    filter: (label: string) => page.getByRole('combobox', { name: label }),
    dialog: page.getByRole('dialog'),
    press: (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click(),
    view: (name: string) => page.getByRole('navigation', { name: 'Views of the runs' }).getByRole('link', { name }),
    chart: page.getByRole('img', { name: /^Sync runs of the last 24 hours/ }),
  };
}
