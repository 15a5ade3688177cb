import { availableParallelism } from 'node:os';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { revokeTableAccess } from '../../src/sharing/revoke-table-access.ts';
import { describeInBrowser } from '../kit/browser.ts';
import type { TestPerson } from '../kit/server.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { longestTaskMilliseconds } from './long-tasks.ts';
import { sqlPage } from './sql-page.ts';
import { eventually, useWebApp } from './web-app.ts';

const axeMilliseconds = 120_000;
const html = '<img src=x onerror="document.title=`broken`">';
/** Without an end it would run for a minute, which is longer than these tests wait. */
const endless = 'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7';
const manyRows = 10_000;

describeInBrowser('the page of statements', () => {
  const app = useWebApp();
  let analyst: TestPerson;

  beforeAll(async () => {
    const { orders } = await app.addSource('shop', {
      orders: {
        content: 'id,customer,amount\n1,Ada,10.50\n2,Ben,20.25\n3,Cyd,40.00\n',
        types: { amount: 'DECIMAL(9,2)' },
      },
      salaries: { content: 'person,salary\nada,1\n' },
    });
    await app.sync('shop');
    analyst = await app.person('core.analyst');
    await app.grant(analyst, orders);
  });

  async function open(search: Record<string, string> = {}, visit: { as?: TestPerson } = {}) {
    const opened = await app.openPage({ as: visit.as ?? analyst });
    const sql = sqlPage(opened.page);
    await sql.open(app.server.url, search);
    await sql.editor.waitFor();
    return { ...opened, sql };
  }

  test('own tables and their columns are completed, others are not, and none that was taken away', async () => {
    const person = await app.person('core.viewer');
    const table = app.server.open.services.registry.tableBySqlName('shop.orders')!;
    const grant = await app.grant(person, table);
    const { page, sql } = await open({}, { as: person });
    await sql.editor.click();
    await page.keyboard.type('SELECT * FROM ord');
    await eventually(() => sql.completions.allTextContents()).toEqual(['shop.orderstable']);
    await sql.complete();
    await page.keyboard.type(' o WHERE o.cu');
    await eventually(() => sql.completions.allTextContents()).toEqual(['customerVARCHAR']);
    await sql.complete();
    expect(await sql.written()).toBe('SELECT * FROM shop.orders o WHERE o.customer');
    await page.keyboard.type(" = 'Ada' AND am");
    await eventually(() => sql.completions.allTextContents()).toContain('amountDECIMAL(9,2)');
    await page.keyboard.press('Escape');
    await sql.write('SELECT * FROM sala');
    await page.keyboard.press('Control+Space');
    await eventually(() => sql.completions.count()).toBe(0);
    await app.server.run(revokeTableAccess, { grantId: grant.id });
    await sql.write('');
    await eventually(async () => {
      await sql.write('FROM ');
      await page.keyboard.type('ord');
      await page.waitForTimeout(200);
      return sql.completions.allTextContents();
    }).not.toContain('shop.orderstable');
  });

  test('a statement is run by the keyboard; its values are exact, and each can be seen whole', async () => {
    const { page, sql } = await open();
    const long = 'a long text '.repeat(1000).trim();
    await sql.write(
      `SELECT 9007199254740993::BIGINT AS "${html.replaceAll('"', '""')}", 0.10::DECIMAL(4,2) AS d, NULL AS n, '' AS e,
       '${html}' AS markup, repeat('a long text ', 1000).trim() AS long, [1, 2] AS list, amount FROM shop.orders ORDER BY id`,
    );
    await page.keyboard.press('Control+Enter');
    await eventually(() => sql.summary.textContent()).toMatch(/^3 rows in [\d.]+ m?s$/);
    const [first] = await sql.values();
    const shown = ['9007199254740993', '0.10', 'NULL', '', html, `${long.slice(0, 300)}…`, '["1","2"]', '10.50'];
    expect(first).toEqual(shown.map((text, index) => (index === 6 ? expect.stringMatching(/^\[.*1.*2.*\]$/) : text)));
    expect(await sql.table.getByRole('columnheader').first().textContent()).toBe('Row');
    expect(await sql.table.getByRole('columnheader').nth(1).textContent()).toBe(`${html}BIGINT`);
    expect(await sql.reads.textContent()).toMatch(/^shop\.orders, version [0-9a-f]{12}, published just now$/);
    expect(await page.title()).toBe('SQL · Agnes');

    await sql.cell(0, 5).click();
    expect(await sql.value.textContent()).toBe(long);
    await sql.table.press('ArrowLeft');
    expect(await sql.value.textContent()).toBe(html);
    await sql.table.press('ArrowLeft');
    await page.getByText('Row 1, e, VARCHAR: an empty text').waitFor();
    await sql.table.press('ArrowLeft');
    await page.getByText(/Row 1, n, .*: NULL, no value/).waitFor();
    expect(await sql.table.getAttribute('aria-activedescendant')).toBe(await sql.cell(0, 2).getAttribute('id'));
  });

  test('what the address says is filled in and never run, and what was run can be linked to', async () => {
    const { page, sql } = await open({ table: 'shop.orders' });
    const first = 'SELECT *\nFROM shop.orders\nLIMIT 100';
    await eventually(() => sql.written()).toBe(first);
    await sql.write('');
    await page.getByRole('button', { name: 'Write a statement over shop.orders' }).click();
    await eventually(() => sql.written()).toBe(first);
    const linked = { statement: 'SELECT count(*) AS counted FROM shop.orders' };
    await sql.open(app.server.url, linked);
    await eventually(() => sql.written()).toBe(linked.statement);
    expect(await sql.table.count()).toBe(0);
    await sql.run.click();
    await eventually(() => sql.values()).toEqual([['3']]);
    expect(await sql.drawChart.count()).toBe(0);
    expect(new URL(page.url()).searchParams.get('statement')).toBe(linked.statement);
    await sql.runStatement('SELECT sum(amount) FROM shop.orders');
    await eventually(() => sql.values()).toEqual([['70.75']]);
    expect(new URL(page.url()).searchParams.get('statement')).toBe('SELECT sum(amount) FROM shop.orders');
    await sql.write('SELECT 1 -- not yet run');
    await eventually(() => new URL(page.url()).search).toBe('');
    await page.reload();
    await eventually(() => sql.written()).toBe('SELECT 1 -- not yet run');
    expect(await sql.table.count()).toBe(0);
  });

  test('of 10,000 rows at most 60 are in the document while they scroll, in no task of 50 ms, and that there are more is told', async () => {
    const { page, sql } = await open();
    await page.setViewportSize({ width: 1600, height: 2400 });
    await sql.limit.selectOption('10,000 rows');
    await sql.runStatement(
      `SELECT r AS id, 'name ' || r AS name, r / 7 AS ratio, DATE '2020-01-01' + CAST(r % 1000 AS INTEGER) AS day
       FROM range(${manyRows + 1}) numbers(r)`,
    );
    await eventually(() => sql.summary.textContent()).toMatch(/^10,000 rows in .*There are more rows/);
    expect(await sql.table.getAttribute('aria-rowcount')).toBe('10001');
    const seen: Awaited<ReturnType<typeof scrollToEnd>>[] = [];
    const longest = await longestTaskMilliseconds(page, async () => seen.push(await scrollToEnd(page)));
    expect(longest).toBeLessThan(50);
    expect(seen[0]!.mostRows).toBeGreaterThan(10);
    expect(seen[0]!.mostRows).toBeLessThanOrEqual(60);
    expect(seen[0]!.blankFrames).toBe(0);
    expect(await sql.cell(manyRows - 1, 0).textContent()).toBe('9999');
    expect(await sql.rows.last().getAttribute('aria-rowindex')).toBe('10001');
    await sql.table.press('Control+Home');
    await sql.cell(0, 0).waitFor();
    await sql.table.press('PageDown');
    await sql.table.press('Control+End');
    await eventually(() => sql.cell(manyRows - 1, 3).getAttribute('aria-selected')).toBe('true');
  });

  test('a result with a thousand columns shows those in sight, and the keyboard reaches the last', async () => {
    const { sql } = await open();
    const columns = Array.from({ length: 1000 }, (_, index) => `${index} AS c${index}`);
    await sql.runStatement(`SELECT ${columns.join(', ')} FROM range(50)`);
    await sql.cell(0, 0).click();
    expect(await sql.table.locator('td[data-column]').count()).toBeLessThan(60 * 40);
    await sql.table.press('End');
    await eventually(() => sql.cell(0, 999).textContent()).toBe('999');
    expect(await sql.table.getByRole('columnheader', { name: 'c999' }).getAttribute('aria-colindex')).toBe('1001');
  });

  test('cancelling stops the statement at the server, so that its process is free for the next', async () => {
    const { page, sql } = await open();
    await sql.runStatement(endless);
    await page.getByRole('status', { name: 'The statement runs' }).waitFor();
    await page.waitForTimeout(300);
    await sql.cancel.click();
    await page.getByText('Cancelled').waitFor();
    // All but one of the processes that one person may have at work. Were the cancelled one still there, none would be left.
    const others = new AbortController();
    const query = 'query ($statement: String!) { sql(statement: $statement) { rows } }';
    const ended = Promise.allSettled(
      Array.from({ length: availableParallelism() - 1 }, () =>
        fetch(`${app.server.url}/graphql`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${analyst.token}` },
          body: JSON.stringify({ query, variables: { statement: endless } }),
          signal: others.signal,
        }),
      ),
    );
    await page.waitForTimeout(300);
    await sql.runStatement('SELECT 42 AS answer');
    await eventually(() => sql.values()).toEqual([['42']]);
    others.abort();
    expect((await ended).every(({ status }) => status === 'rejected')).toBe(true);
  });

  test('what the server refuses is told in its own sentence, and a lost server with what to do', async () => {
    const { page, sql, frame } = await open();
    await sql.runStatement('SELECT person FROM shop.salaries');
    await eventually(() => sql.failure.textContent()).toMatch(
      /^The table shop\.salaries does not exist, or you may not/,
    );
    await sql.runStatement('SELECT nothing FROM shop.orders');
    await eventually(() => sql.failure.textContent()).toMatch(/^Binder Error: .*nothing/);
    app.expectConsoleErrors(/ERR_FAILED/);
    await page.route('**/graphql', (route) =>
      /query (RunStatement|NamedTables)/.test(route.request().postData() ?? '') ? route.abort() : route.continue(),
    );
    await page.reload();
    await frame.notice('The tables could not be loaded').waitFor();
    await sql.run.click();
    await eventually(() => sql.failure.textContent()).toBe(
      'The server did not answer. Check the connection, then try again.',
    );
    await page.unroute('**/graphql');
    await sql.runStatement('SELECT id FROM shop.orders WHERE false');
    await eventually(() => sql.summary.textContent()).toMatch(/^0 rows/);
  });

  test('statements run before come back, for this person only, until they are removed', async () => {
    const { page, sql } = await open();
    for (const statement of ['SELECT 1', 'SELECT 2', 'SELECT 1']) {
      await sql.runStatement(statement);
      await eventually(() => sql.values()).toEqual([[statement.slice(-1)]]);
    }
    await sql.write('');
    await page.reload();
    await sql.history.click();
    await eventually(() => sql.past.locator('code').allTextContents()).toEqual(['SELECT 1', 'SELECT 2']);
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await sql.past.getByRole('button', { name: /^Remove: SELECT 1/ }).click();
    await sql.past.getByText('SELECT 2').click();
    await eventually(() => sql.written()).toBe('SELECT 2');
    expect(await sql.table.count()).toBe(0);

    const other = await app.person('core.viewer');
    await page.context().addCookies([{ name: 'agnes', value: other.session, url: app.server.url }]);
    await page.reload();
    await sql.history.click();
    await page.getByText('You have not run a statement here yet.').waitFor();
  });

  test('without storage in the browser statements run all the same, and it is said', async () => {
    const { page } = await app.openPage({ as: analyst });
    await page.addInitScript(() => {
      for (const kind of ['localStorage', 'sessionStorage']) {
        Object.defineProperty(window, kind, {
          get() {
            throw new DOMException('denied', 'SecurityError');
          },
        });
      }
    });
    const sql = sqlPage(page);
    await sql.open(app.server.url);
    await sql.runStatement('SELECT 7');
    await eventually(() => sql.values()).toEqual([['7']]);
    await sql.history.click();
    await page.getByText('This browser keeps nothing').waitFor();
    expect(await sql.past.count()).toBe(1);
  });

  test('the whole result is exported and fetched; a refusal is told; who may not export is not asked', async () => {
    const { page, sql } = await open();
    await sql.write('SELECT person FROM shop.salaries');
    await sql.export.click();
    await eventually(() => sql.failure.textContent()).toMatch(/shop\.salaries does not exist/);
    await sql.write('SELECT id, customer FROM shop.orders ORDER BY id');
    await sql.export.click();
    const link = sql.exports.getByRole('link', { name: 'Download CSV' });
    await link.waitFor();
    expect(await sql.exports.textContent()).toContain('3 rows');
    const download = page.waitForEvent('download');
    await link.click();
    const chunks = await (await (await download).createReadStream()).toArray();
    expect(Buffer.concat(chunks).toString()).toBe('id,customer\r\n1,Ada\r\n2,Ben\r\n3,Cyd\r\n');
    const viewer = await open({}, { as: await app.person('core.viewer') });
    await viewer.frame.notice('You may not read any table yet').waitFor();
    expect(await viewer.sql.export.count()).toBe(0);
  });

  test('numbers over days are drawn as lines, over words as bars, and of other columns when asked', async () => {
    const { page, sql } = await open();
    await sql.runStatement(
      `SELECT DATE '2026-01-01' + CAST(r AS INTEGER) AS day, r % 2 = 0 AS even, r * r AS square, 10 - r AS rest FROM range(6) t(r)`,
    );
    await sql.drawChart.click();
    await eventually(() => sql.chart.locator('path').count()).toBe(1);
    expect(await sql.drawn.count()).toBe(6);
    expect(await sql.chart.locator('title').first().textContent()).toBe(
      'Lines of square over day: from 2026-01-01 to 2026-01-06, between 0 and 25. The table below has the numbers.',
    );
    await page.getByRole('combobox', { name: 'Form', exact: true }).selectOption('Bars');
    await page.getByRole('combobox', { name: 'Over' }).selectOption('even');
    await page.getByRole('combobox', { name: 'Numbers' }).selectOption('rest');
    await eventually(() => sql.drawn.locator('title').allTextContents()).toEqual(['true: 24', 'false: 21']);
    await page.getByText('Rows with the same even are added up.').waitFor();
    await page.getByRole('combobox', { name: 'Split by' }).selectOption('even');
    await eventually(() => page.getByRole('list', { name: 'Series' }).getByRole('listitem').allTextContents()).toEqual([
      'true',
      'false',
    ]);
    await sql.runStatement(`SELECT [r] AS list FROM range(6) t(r)`);
    await eventually(() => sql.values()).toHaveLength(6);
    expect(await sql.drawChart.count()).toBe(0);
  });

  test('Tab indents, and Escape before it leaves the editor', async () => {
    const { page, sql } = await open();
    await sql.editor.click();
    await page.keyboard.press('Tab');
    await page.keyboard.type('SELECT 1 -- x');
    expect(await sql.written()).toBe('  SELECT 1 -- x');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Run');
    await page.keyboard.press('Shift+Tab');
    expect(await sql.editor.evaluate((editor) => editor === document.activeElement)).toBe(true);
  });

  test('who lacks the role is told which, and the editor is not even fetched', async () => {
    const { page, frame } = await app.openPage({ as: await app.person() });
    const scripts: string[] = [];
    page.on('request', (request) => scripts.push(request.url()));
    await sqlPage(page).open(app.server.url);
    await frame.notice('You may not see this page').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('core.viewer');
    expect(scripts.filter((url) => /sql-page|editor/.test(url))).toEqual([]);
  });

  test(
    'axe finds nothing: with tables, a result, a chart, completions and a failure',
    async () => {
      const { page, sql } = await open();
      await page.getByRole('button', { name: /^Write a statement over/ }).waitFor();
      const columns = `CAST(id AS VARCHAR) AS id, customer, amount * 1.5 AS dear, NULL AS n, '${'x'.repeat(500)}' AS x`;
      await sql.write(`-- a comment\nSELECT ${columns} FROM shop.orders`);
      await expectSound(page);
      await sql.run.click();
      await sql.drawChart.click();
      await sql.cell(1, 1).click();
      await sql.editor.click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type(' WHERE cu');
      await eventually(() => sql.completions.count()).toBeGreaterThan(0);
      await expectSound(page);
      await sql.runStatement(`SELECT ${'nothing'.repeat(1000)}`);
      await sql.failure.waitFor();
      expect(await overflow(page)).toBe(0);
    },
    axeMilliseconds,
  );
});

async function expectSound(page: Page): Promise<void> {
  expect(await findAccessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  expect(await page.locator('main img').count()).toBe(0);
}

/** How much wider the page is than the window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** Scrolls the result to its end, most of it by far leaps: the most rows in the document, and frames that show none. */
function scrollToEnd(page: Page): Promise<{ mostRows: number; blankFrames: number }> {
  return page.evaluate(async () => {
    const table = document.querySelector('[role=grid]')!;
    const scroller = table.parentElement!;
    const seen = { mostRows: 0, blankFrames: 0 };
    for (let step = 0, top = 0; top < scroller.scrollHeight; step += 1) {
      top += step < 20 ? scroller.clientHeight / 2 : 10_000;
      scroller.scrollTop = top;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      seen.mostRows = Math.max(seen.mostRows, table.querySelectorAll('tr').length);
      if (table.querySelectorAll('tr[data-row]').length === 0) seen.blankFrames += 1;
    }
    return seen;
  });
}
