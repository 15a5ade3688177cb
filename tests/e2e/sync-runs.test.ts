import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { startDueSyncs } from '../../src/jobs/start-due-syncs.ts';
import { createSource } from '../../src/registry/create-source.ts';
import { registerTable } from '../../src/registry/register-table.ts';
import { updateTable } from '../../src/registry/update-table.ts';
import { startSync } from '../../src/sync/start-sync.ts';
import { describeInBrowser } from '../kit/browser.ts';
import type { TestPerson } from '../kit/server.ts';
import { heldTable, Ledger } from '../sync/ledger.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { syncRunsPage } from './sources-page.ts';
import { eventually, useWebApp } from './web-app.ts';

const longMilliseconds = 120_000;
const html = '<img src=x onerror="document.title=`broken`"> "quoted"';
const rightToLeft = '\u202Eקבוצת המכירות';
const ledger = new Ledger();

describeInBrowser('the pages of sync runs', () => {
  const app = useWebApp({ connectors: [ledger.connector] });
  let administrator: TestPerson;

  beforeAll(async () => {
    administrator = await app.person('core.admin');
  });

  async function open() {
    const opened = await app.openPage({ as: administrator });
    return { ...opened, runs: syncRunsPage(opened.page) };
  }

  async function addSource(source: string, tables: readonly string[]): Promise<void> {
    await app.server.run(createSource, { name: source, connector: 'ledger', config: {} });
    for (const name of tables) await app.server.run(registerTable, { source, name, options: {} });
  }

  test(
    'without a run the list and the timeline say what to do; a run is seen as it goes, and is cancelled after it was asked',
    { timeout: longMilliseconds },
    async () => {
      const { page, runs, frame } = await open();
      await runs.open(app.server.url);
      await frame.notice('Nothing was synced yet').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await runs.view('Timeline').click();
      await frame.notice('Nothing ran and nothing is due').waitFor();
      await runs.view('List').click();

      await addSource('books', ['fast', 'held']);
      const [held, again] = [heldTable(), heldTable()];
      ledger.script('held', held.script);
      await app.server.run(startSync, { source: 'books' });
      await held.begun;
      await eventually(() => runs.states()).toEqual(['RUNNING']);
      await eventually(() => runs.progress.getAttribute('aria-valuetext')).toBe('1 of 2 tables');
      expect(await findAccessibilityFaults(page)).toEqual([]);
      held.letGo();
      await eventually(() => runs.states()).toEqual(['SUCCEEDED']);
      await eventually(() => runs.runs.first().textContent()).toContain('2 tables');

      ledger.script('held', again.script);
      await app.server.run(startSync, { source: 'books' });
      await again.begun;
      await eventually(() => runs.states()).toEqual(['RUNNING', 'SUCCEEDED']);
      await page.getByRole('link', { name: 'books' }).first().click();
      await eventually(() => runs.table('books.held').getAttribute('data-state')).toBe('RUNNING');
      await page.getByRole('button', { name: 'Cancel: books' }).press('Enter');
      await runs.press('Let it run');
      await page.getByRole('button', { name: 'Cancel: books' }).press('Enter');
      await runs.press('Cancel the run');
      await eventually(() => runs.state.getAttribute('data-state')).toBe('CANCELLED');
      await app.server.open.syncRunner.idle();

      ledger.rows('held', 'id\n1\n2\n');
      await page.getByRole('button', { name: 'Run again: books' }).click();
      await eventually(() => runs.state.getAttribute('data-state')).toBe('SUCCEEDED');
      await runs.open(app.server.url);
      await eventually(() => runs.states()).toEqual(['SUCCEEDED', 'CANCELLED', 'SUCCEEDED']);
    },
  );

  test('runs are filtered and paged, all of which stands in the address', async () => {
    await addSource('pages', ['one', 'two']);
    const { services } = app.server.open;
    const sourceId = services.registry.sourceByName('pages')!.id;
    const tableId = services.registry.tableBySqlName('pages.one')!.id;
    const ids = Array.from({ length: 30 }, (_, index) => `00000000-0000-4000-8000-0000000000${String(index + 10)}`);
    await services.store.write(async (tx) => {
      const run = {
        source_id: sourceId,
        requested_by: 'schedule',
        full_refresh: false,
        tasks: null,
        error: null,
        report: null,
      };
      const at = (index: number) => new Date(Date.UTC(2026, 0, 1, 0, index));
      const rows = ids.map((id, index) => ({
        ...run,
        id,
        state: index % 10 === 0 ? ('failed' as const) : ('succeeded' as const),
        queued_at: at(index),
        started_at: at(index),
        finished_at: at(index + 1),
      }));
      await tx.db.insertInto('sync_runs').values(rows).execute();
      const entry = {
        run_id: ids[20]!,
        table_id: tableId,
        state: 'failed' as const,
        attempts: 1,
        rows_written: null,
        size_bytes: null,
        bytes_billed: null,
        started_at: at(20),
        finished_at: at(21),
        error: 'one.csv, line 7: too many values',
      };
      await tx.db.insertInto('sync_run_tables').values(entry).execute();
    });
    const { page, runs } = await open();
    const search = () => new URL(page.url()).searchParams;
    await runs.open(app.server.url, '?source=pages');
    await eventually(() => runs.runs.count()).toBe(25);
    await page.getByRole('button', { name: 'Next 25' }).click();
    await eventually(() => runs.runs.count()).toBe(5);
    expect(search().get('after')).not.toBeNull();
    await page.reload();
    await eventually(() => runs.runs.count()).toBe(5);
    await runs.filter('State').selectOption('Failed');
    await eventually(() => runs.states()).toEqual(['FAILED', 'FAILED', 'FAILED']);
    expect(Object.fromEntries(search())).toEqual({ source: 'pages', state: 'FAILED' });
    await page.locator(`[data-failures="${ids[20]!}"]`).getByText('one.csv, line 7: too many values').waitFor();
    await runs.filter('Table').fill('pages.one');
    await page.getByRole('option', { name: 'pages.one' }).click();
    await eventually(() => runs.runs.count()).toBe(1);
    expect(search().get('table')).toBe(tableId);
    await runs.filter('State').selectOption('Cancelled');
    await page.getByRole('heading', { name: 'No run fits' }).waitFor();
    await page.goBack();
    await eventually(() => runs.runs.count()).toBe(1);
    await page.getByRole('button', { name: 'Show all runs' }).click();
    await eventually(() => [...search()].length).toBe(0);
  });

  test('the timeline draws what was and what is due, and tells it in words', async () => {
    await addSource('clockwork', ['daily']);
    const { services } = app.server.open;
    const table = services.registry.tableBySqlName('clockwork.daily')!;
    await app.server.run(updateTable, { id: table.id, schedule: 'every 7h' });
    await startDueSyncs(services);
    await app.server.open.syncRunner.idle();
    const { page, runs } = await open();
    await runs.open(app.server.url, '?view=timeline');
    const lane = page.locator('tr[data-lane=clockwork]');
    await eventually(() => lane.textContent()).toMatch(/1 run, the last at .*: 1 table/);
    expect(await lane.getByRole('listitem').count()).toBe(3);
    await runs.chart.waitFor();
    expect(await page.locator('svg rect[data-state=SUCCEEDED]').count()).toBeGreaterThan(0);
    await lane.getByRole('link', { name: 'clockwork' }).press('Enter');
    await eventually(() => runs.states()).toEqual(['SUCCEEDED']);
  });

  test('failures of the server are told, and trying again works; a run that is not there is told too', async () => {
    const message = 'Something went wrong on the server (request 0f3a).';
    const { page, runs, frame } = await open();
    await page.route('**/graphql', async (route) => {
      if (!/query (SyncRuns|SyncRun|Timeline)\(?\b/.test(route.request().postData() ?? '')) return route.continue();
      await route.fulfill({ json: { data: null, errors: [{ message }] } });
    });
    await runs.open(app.server.url);
    await frame.notice('The sync runs could not be loaded').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain(message);
    await runs.view('Timeline').click();
    await frame.notice('The timeline could not be loaded').waitFor();
    await runs.open(app.server.url, '/nothing');
    await frame.notice('The run could not be loaded').waitFor();
    await page.unroute('**/graphql');
    await frame.retry.click();
    await frame.notice('There is no such run').waitFor();
  });

  test('hostile and endless texts break nothing, and axe finds nothing', { timeout: longMilliseconds }, async () => {
    const source = `hostile`;
    await addSource(source, ['fine', 'broken']);
    ledger.script('broken', () => {
      throw new Error(`${html}${rightToLeft}\nsecond line ${'x'.repeat(5000)}`);
    });
    await app.sync(source);
    const { services } = app.server.open;
    const id = (
      await services.store.db
        .selectFrom('sync_runs')
        .select(['id'])
        .where('state', '=', 'partial')
        .orderBy('queued_at', 'desc')
        .executeTakeFirstOrThrow()
    ).id;
    const report = {
      [html]: [html, rightToLeft, { nested: 'x'.repeat(500) }],
      missing: 0,
      rewritten: [],
      none: null,
    };
    await services.store.write(async (tx) => {
      const change = { report: JSON.stringify(report), requested_by: `${html}${'x'.repeat(300)}` };
      await tx.db.updateTable('sync_runs').set(change).where('id', '=', id).execute();
    });
    const { page, runs } = await open();
    await runs.open(app.server.url);
    await runs.run(id).waitFor();
    await expectSound(page);
    await runs.view('Timeline').press('Enter');
    await runs.chart.waitFor();
    await expectSound(page);
    await runs.open(app.server.url, `/${id}`);
    await page.getByRole('heading', { name: 'What the connector reports' }).waitFor();
    await page.getByText(/second line xxx/).waitFor();
    await expectSound(page);
  });
});

async function expectSound(page: Page): Promise<void> {
  expect(await findAccessibilityFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  expect(await page.locator('main img').count()).toBe(0);
  expect(await page.title()).not.toBe('broken');
}
