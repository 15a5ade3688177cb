import type { Page } from 'playwright-core';
import { resultOn } from './sql-page.ts';

/** How a person finds their way on the pages of metrics. */
export function metricsPage(page: Page) {
  const form = page.getByRole('form', { name: 'Run the metric' });
  return {
    open: (url: string, search = '') => page.goto(`${url}/metrics${search}`),
    openMetric: (url: string, id: string, search = '') => page.goto(`${url}/metrics/${id}${search}`),
    metrics: page.locator('li[data-metric]'),
    metric: (id: string) => page.locator(`li[data-metric=${JSON.stringify(id)}]`),
    ids: () =>
      page.locator('li[data-metric]').evaluateAll((items) => items.map((item) => item.getAttribute('data-metric'))),
    categories: page.getByRole('main').getByRole('heading', { level: 2 }),
    search: page.getByRole('searchbox', { name: 'Search metrics' }),
    category: page.getByRole('combobox', { name: 'Category' }),
    heading: (name: string) => page.getByRole('heading', { level: 1, name }),
    tables: page.getByRole('list', { name: 'Tables', exact: true }).getByRole('listitem'),
    form,
    field: (label: string) => form.getByLabel(label, { exact: true }).and(form.locator('input, select')),
    run: form.getByRole('button', { name: 'Run' }),
    openInSql: (title: string) => page.getByRole('link', { name: `Open in SQL: ${title}` }),
    failure: page.getByRole('main').getByRole('alert'),
    ...resultOn(page),
  };
}
