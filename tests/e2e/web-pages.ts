import type { Locator, Page } from 'playwright-core';

/** How a person finds their way on the page of tables. */
export function tablesPage(page: Page) {
  return {
    open: (url: string, search = '') => page.goto(`${url}/tables${search}`),
    heading: page.getByRole('heading', { level: 1, name: 'Tables' }),
    search: page.getByRole('searchbox', { name: 'Search tables' }),
    rows: page.locator('tr[data-table]'),
    row: (sqlName: string): TableRow => describeRow(page.locator(`tr[data-table=${JSON.stringify(sqlName)}]`)),
    reason: (sqlName: string) => page.locator(`tr[data-reason=${JSON.stringify(sqlName)}]`),
    source: (name: string) => describeSource(page.locator(`li[data-source=${JSON.stringify(name)}]`)),
    next: page.getByRole('button', { name: 'Next 50' }),
    previous: page.getByRole('button', { name: 'Previous 50' }),
  };
}

function describeSource(whole: Locator) {
  return { whole, syncNow: whole.getByRole('button'), refusal: whole.getByRole('alert') };
}

interface TableRow {
  whole: Locator;
  rows: Locator;
  size: Locator;
  lastSync: Locator;
  status: Locator;
  unfold: Locator;
  link: Locator;
}

function describeRow(whole: Locator): TableRow {
  const cells = whole.getByRole('cell');
  return {
    whole,
    status: cells.nth(0),
    rows: cells.nth(1),
    size: cells.nth(2),
    lastSync: cells.nth(3),
    unfold: whole.getByRole('button'),
    link: whole.getByRole('link'),
  };
}

/** How a person finds their way on the page of the first administrator. */
export function setupPage(page: Page) {
  const email = page.getByRole('textbox', { name: 'E-mail address' });
  const name = page.getByRole('textbox', { name: 'Your name' });
  const password = page.getByLabel('Password', { exact: true });
  const repeatedPassword = page.getByLabel('The same password again', { exact: true });
  return {
    open: (url: string, secret: string) => page.goto(`${url}/setup#${secret}`),
    email,
    password,
    submit: page.getByRole('button', { name: 'Create the administrator' }),
    fill: async (person: { email: string; name: string; password: string }) => {
      await email.fill(person.email);
      await name.fill(person.name);
      await password.fill(person.password);
      await repeatedPassword.fill(person.password);
    },
  };
}

/** How a person finds their way on the page of the guided setup. */
export function setupGuide(page: Page) {
  return {
    heading: page.getByRole('heading', { level: 1, name: 'Setup' }),
    states: () => page.locator('li[data-step] h2 [data-tone]').allTextContents(),
    toggle: (title: string) => page.getByRole('heading', { level: 2 }).getByRole('button', { name: title }),
    field: (label: string) => page.getByRole('textbox', { name: label, exact: true }),
    press: (name: string) => page.getByRole('button', { name, exact: true }).locator('visible=true').click(),
  };
}

/** How a person comes in by password. */
export function signInForm(page: Page) {
  const email = page.getByRole('textbox', { name: 'E-mail address' });
  const password = page.getByLabel('Password', { exact: true });
  const submit = page.getByRole('button', { name: 'Sign in' });
  return {
    email,
    password,
    submit,
    send: async (person: { email: string; password: string }) => {
      await email.fill(person.email);
      await password.fill(person.password);
      await submit.click();
    },
  };
}

/** What surrounds every page. */
export function frame(page: Page) {
  return {
    header: page.getByRole('banner'),
    navigation: page.getByRole('navigation', { name: 'Pages' }),
    signOut: page.getByRole('button', { name: 'Sign out' }),
    notice: (title: string) => page.getByRole('heading', { name: title }),
    retry: page.getByRole('button', { name: 'Try again' }),
    lostConnection: page.getByText('The connection to the server is lost'),
  };
}

/** GraphiQL. */
export function graphiqlPage(page: Page) {
  return {
    /** With `query` in the editor; without one, the default of the server. */
    open: (url: string, query?: string) =>
      page.goto(`${url}/graphiql${query ? `?query=${encodeURIComponent(query)}` : ''}`),
    execute: page.getByRole('button', { name: /^Execute query/ }),
    stop: page.getByRole('button', { name: /^Stop query/ }),
    editor: page.getByRole('region', { name: 'Operation Editor' }),
    answer: page.getByRole('region', { name: 'Result Window' }),
  };
}

/** How a person finds their way on the page of roles. */
export function rolesPage(page: Page) {
  const dialog = page.getByRole('dialog');
  return {
    open: (url: string, selected?: string) =>
      page.goto(`${url}/admin/roles${selected ? `?role=${encodeURIComponent(selected)}` : ''}`),
    rows: page.locator('tr[data-role]'),
    row: (key: string) => page.locator(`tr[data-role=${JSON.stringify(key)}]`),
    box: (key: string) => page.locator(`button[data-role=${JSON.stringify(key)}]`),
    caption: page.getByRole('region', { name: 'Which role implies which' }).getByRole('status'),
    create: page.getByRole('button', { name: 'New role' }),
    dialog,
    field: (label: string) => dialog.getByRole('textbox', { name: label }),
    choice: (name: string) => dialog.getByRole('checkbox', { name }),
    press: (name: string) => dialog.getByRole('button', { name }).click(),
  };
}

/** How a person finds their way on the page of group mappings. */
export function groupMappingsPage(page: Page) {
  return {
    open: (url: string) => page.goto(`${url}/admin/group-mappings`),
    group: page.getByRole('combobox', { name: 'Group' }),
    role: page.getByRole('combobox', { name: 'Role' }),
    options: page.locator('[role=option]'),
    map: page.getByRole('button', { name: 'Map the group' }),
    refusal: page.getByRole('form', { name: 'Map a group' }).getByRole('alert'),
    mapped: (id: string) => page.locator(`li[data-group=${JSON.stringify(id)}]`),
    allMapped: page.locator('li[data-group]'),
    dialog: page.getByRole('dialog'),
  };
}

/** How a person finds their way on pages that show one section of something at a time. */
function sectionPages(page: Page, label: string) {
  const dialog = page.getByRole('dialog');
  const sections = page.getByRole('navigation', { name: label }).getByRole('link');
  return {
    sections,
    shownSections: () => page.getByRole('navigation', { name: label }).locator('[aria-current]').allTextContents(),
    section: (name: string) => sections.filter({ hasText: new RegExp(`^${name}$`) }),
    rows: (list: string) => page.getByRole('list', { name: list, exact: true }).locator(':scope > li'),
    row: (kind: string, key: string) => page.locator(`li[data-${kind}=${JSON.stringify(key)}]`),
    dialog,
    press: (name: string) => dialog.getByRole('button', { name, exact: true }).click(),
    focusedLabel: () =>
      page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.labels?.[0]?.textContent ?? ''),
  };
}

/** How a person finds their way on the page of their own account. */
export function profilePage(page: Page) {
  return {
    ...sectionPages(page, 'Parts of your profile'),
    open: (url: string, section?: string) => page.goto(`${url}/profile${section ? `#${section}` : ''}`),
  };
}

/** How a person finds their way on the pages of users. */
export function usersPage(page: Page) {
  return {
    ...sectionPages(page, 'Parts of this user'),
    open: (url: string, search = '') => page.goto(`${url}/admin/users${search}`),
    openUser: (url: string, id: string, section?: string) =>
      page.goto(`${url}/admin/users/${id}${section ? `#${section}` : ''}`),
    users: page.locator('tr[data-user]'),
    user: (email: string) => page.locator(`tr[data-user=${JSON.stringify(email)}]`),
    search: page.getByRole('searchbox', { name: 'Search users' }),
    order: page.getByRole('combobox', { name: 'Order' }),
    add: page.getByRole('button', { name: 'Add somebody' }),
  };
}
