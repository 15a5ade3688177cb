import type { Page } from 'playwright-core';

/** How a person finds their way on the page of the audit. */
export function auditPage(page: Page) {
  const form = page.getByRole('form', { name: 'Which events' });
  return {
    open: (url: string, search = '') => page.goto(`${url}/admin/audit${search}`),
    events: page.locator('tr[data-event]'),
    event: (action: string) => page.locator(`tr[data-event=${JSON.stringify(action)}]`).first(),
    field: (label: string) => form.getByLabel(label, { exact: true }),
    show: form.getByRole('button', { name: 'Show', exact: true }),
    showAll: form.getByRole('button', { name: 'Show all' }),
    details: page.locator('[data-details]'),
    exported: page.locator('[data-state]'),
  };
}
