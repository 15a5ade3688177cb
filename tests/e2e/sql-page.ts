import type { Page } from 'playwright-core';

/** How a person finds their way on the page of statements, and in results wherever they stand. */
export function sqlPage(page: Page) {
  const editor = page.getByRole('textbox', { name: 'Statement' });
  const run = page.getByRole('button', { name: 'Run', exact: true });
  return {
    open: (url: string, search: Record<string, string> = {}) => page.goto(`${url}/sql?${new URLSearchParams(search)}`),
    editor,
    /** The statement, line by line. */
    written: async () => (await editor.locator('.cm-line').allTextContents()).join('\n'),
    write: (statement: string) => editor.fill(statement),
    completions: page.locator('.cm-tooltip-autocomplete [role=option]'),
    /** Takes the first completion; one that has just appeared is not taken, lest a key meant for the text takes it. */
    complete: async () => {
      await page.waitForTimeout(150);
      await page.keyboard.press('Enter');
    },
    run,
    runStatement: async (statement: string) => {
      await editor.fill(statement);
      await run.click();
    },
    cancel: page.getByRole('button', { name: 'Cancel' }),
    limit: page.getByRole('combobox', { name: 'Rows at most' }),
    history: page.getByRole('button', { name: 'History' }),
    past: page.getByRole('list', { name: 'Statements run before' }).getByRole('listitem'),
    failure: page.getByRole('main').getByRole('alert'),
    format: page.getByRole('combobox', { name: 'Format of the file' }),
    export: page.getByRole('button', { name: 'Export' }),
    exports: page.locator('li[data-export]'),
    ...resultOn(page),
  };
}

/** How a person finds their way in the result of a statement or a metric. */
export function resultOn(page: Page) {
  const table = page.getByRole('grid');
  return {
    table,
    rows: table.locator('tr[data-row]'),
    /** The cell of a row and a column, both from 0. */
    cell: (row: number, column: number) => table.locator(`tr[data-row="${row}"] td[data-column="${column}"]`),
    /** The texts of all cells in the document, row by row. */
    values: () =>
      table
        .locator('tr[data-row]')
        .evaluateAll((rows) =>
          rows.map((row) => [...row.querySelectorAll('td[data-column]')].map((cell) => cell.textContent)),
        ),
    summary: page.getByRole('status').filter({ hasText: /^\d[\d,]* rows? in / }),
    reads: page.getByRole('list', { name: 'Tables read' }),
    value: page.getByRole('region', { name: 'The value of the chosen cell' }),
    drawChart: page.getByRole('button', { name: 'Draw a chart' }),
    chart: page.getByRole('figure').getByRole('img', { name: /^(Bars|Lines) of / }),
    drawn: page.getByRole('figure').locator('svg[role=img] ').locator('[data-series] > :is(rect, circle)'),
  };
}
