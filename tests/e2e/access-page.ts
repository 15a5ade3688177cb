import type { Page } from 'playwright-core';

/** How a person finds their way on the page of table access. */
export function accessPage(page: Page) {
  const dialog = page.getByRole('dialog');
  const form = page.getByRole('form', { name: 'Grant or deny' });
  return {
    open: (url: string, search = '') => page.goto(`${url}/admin/access${search}`),
    table: page.getByRole('combobox', { name: 'Table', exact: true }),
    user: page.getByRole('combobox', { name: 'User', exact: true }).first(),
    option: (name: string) => page.getByRole('option', { name }),
    readers: page.locator('li[data-reader]'),
    reader: (email: string) => page.locator(`li[data-reader=${JSON.stringify(email)}]`),
    grant: (grantee: string) => page.locator(`li[data-grant=${JSON.stringify(grantee)}]`),
    readable: (sqlName: string) => page.locator(`li[data-readable=${JSON.stringify(sqlName)}]`),
    verdict: (text: string) => page.getByRole('heading', { level: 3, name: text }),
    reasons: page.getByRole('list', { name: 'Reasons' }).getByRole('listitem'),
    form,
    dialog,
    press: (name: string) => dialog.getByRole('button', { name, exact: true }).click(),
  };
}

/** How a person finds their way on the page of access requests. */
export function requestsPage(page: Page) {
  const dialog = page.getByRole('dialog');
  return {
    open: (url: string, search = '') => page.goto(`${url}/admin/access-requests${search}`),
    requests: page.locator('li[data-request]'),
    filter: (name: string) => page.getByRole('navigation', { name: 'Which requests' }).getByRole('link', { name }),
    approve: (email: string) => page.getByRole('button', { name: new RegExp(`^Approve: ${email}`) }),
    deny: (email: string) => page.getByRole('button', { name: new RegExp(`^Deny: ${email}`) }),
    dialog,
    press: (name: string) => dialog.getByRole('button', { name, exact: true }).click(),
  };
}

/** How a person finds their way on the page of the access matrix. */
export function matrixPage(page: Page) {
  return {
    open: (url: string, search = '') => page.goto(`${url}/access-matrix${search}`),
    rules: page.locator('tr[data-field]'),
    rule: (field: string) => page.locator(`tr[data-field=${JSON.stringify(field)}]`),
    search: page.getByRole('searchbox', { name: 'Search the matrix' }),
    role: page.getByRole('combobox', { name: 'Role' }),
    onlyMine: page.getByRole('checkbox', { name: 'Only what I may' }),
  };
}
