import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { registerTable } from '../../src/registry/register-table.ts';
import { revokeTableAccess } from '../../src/sharing/revoke-table-access.ts';
import { startSync } from '../../src/sync/start-sync.ts';
import { describeInBrowser } from '../kit/browser.ts';
import { ask, type TestPerson } from '../kit/server.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { eventually, useWebApp } from './web-app.ts';

const axeMilliseconds = 120_000;

describeInBrowser('the page of tables', () => {
  const app = useWebApp();
  let administrator: TestPerson;

  beforeAll(async () => {
    administrator = await app.person('core.admin');
  });

  test('shows a sync that the administrator starts as it happens, and where a table failed', async () => {
    await app.addSource('live', {
      orders: { content: csvOfOrders(20_000) },
      customers: { content: 'id,name\n1,Ada\n2,Ben,too much\n' },
    });
    const { page, tables } = await app.openTables({ as: administrator });
    const row = tables.row('live.orders');
    const { syncNow } = tables.source('live');
    await eventually(() => row.status.textContent()).toBe('Never synced');
    expect(await row.rows.textContent()).toBe('–');
    await eventually(() => syncNow.isEnabled()).toBe(true);
    const seen = await recordStatuses(page, 'live.orders');

    await syncNow.click();
    await eventually(() => row.status.textContent()).toBe('OK');
    expect(await row.rows.textContent()).toBe('20,000');
    expect(await row.size.textContent()).toMatch(/^\d+(\.\d+)? kB$/);
    expect(await row.lastSync.textContent()).toBe('just now');
    expect(await row.lastSync.locator('time').getAttribute('title')).toMatch(/UTC$/);
    expect(await tables.row('live.customers').status.textContent()).toBe('Failed');
    expect(await tables.reason('live.customers').textContent()).toMatch(/^customers\.csv, line 3: /);
    await eventually(() => syncNow.textContent()).toBe('Sync now');
    expect(await syncNow.isEnabled()).toBe(true);
    // The record is gone when the page was loaded again.
    expect(await seen()).toEqual(['Never synced', 'Running', 'OK']);
  });

  test('shows a sync that was started through the API, and what the new files hold', async () => {
    const { visits } = await app.addSource('pushed', { visits: { content: csvOfOrders(3) } });
    await app.sync('pushed');
    const analyst = await app.person('core.analyst');
    await app.grant(analyst, visits);
    const { tables } = await app.openTables({ as: analyst });
    const row = tables.row('pushed.visits');
    await eventually(() => row.rows.textContent()).toBe('3');
    app.writeFile('pushed', 'visits', csvOfOrders(4));
    const started = await ask(app.server, {
      as: { token: administrator.token },
      query: 'mutation { startSync(input: { source: "pushed" }) { __typename } }',
    });
    expect(started.data.startSync.__typename).toBe('StartSyncPayload');
    await eventually(() => row.rows.textContent()).toBe('4');
  });

  test('a refusal to start a sync is told beside the source', async () => {
    await app.addSource('barren', {});
    const { tables } = await app.openTables({ as: administrator });
    await tables.source('barren').syncNow.click();
    await eventually(() => tables.source('barren').refusal.textContent()).toContain('register one first');
  });

  test('an analyst sees the tables granted to them, no others, and no source', async () => {
    const { mine } = await app.addSource('shared', {
      mine: { content: csvOfOrders(1) },
      secret: { content: csvOfOrders(1) },
    });
    const analyst = await app.person('core.analyst');
    await app.grant(analyst, mine);
    const { page, tables } = await app.openTables({ as: analyst });
    await tables.row('shared.mine').whole.waitFor();
    expect(await tables.rows.count()).toBe(1);
    expect(await page.getByRole('main').textContent()).not.toContain('secret');
    expect(await page.getByRole('button', { name: /Sync now/ }).count()).toBe(0);
  });

  describe('a table that is taken away from somebody who is looking', () => {
    test('leaves at once, and one that is given appears, without a reload', async () => {
      const { kept, taken, given } = await app.addSource('watched', {
        kept: { content: csvOfOrders(1) },
        taken: { content: csvOfOrders(1) },
        given: { content: csvOfOrders(1) },
      });
      const analyst = await app.person('core.analyst');
      await app.grant(analyst, kept);
      const grant = await app.grant(analyst, taken);
      const { page, tables } = await app.openTables({ as: analyst });
      await hearSocket(page, () => tables.row('watched.taken').whole.waitFor());
      await page.evaluate(() => Object.assign(window, { loadedOnce: true }));
      await app.server.run(revokeTableAccess, { grantId: grant.id });
      await eventually(() => tables.row('watched.taken').whole.count()).toBe(0);
      await app.grant(analyst, given);
      await tables.row('watched.given').whole.waitFor();
      expect(await tables.row('watched.kept').whole.count()).toBe(1);
      expect(await page.evaluate(() => 'loadedOnce' in window)).toBe(true);
    });

    test('leaves with the next sync of its source, and no event of it arrives', async () => {
      const { kept, taken } = await app.addSource('revoked', {
        kept: { content: csvOfOrders(1) },
        taken: { content: csvOfOrders(1) },
      });
      const analyst = await app.person('core.analyst');
      await app.grant(analyst, kept);
      const grant = await app.grant(analyst, taken);
      const { page, tables } = await app.openTables({ as: analyst });
      await tables.row('revoked.taken').whole.waitFor();
      const frames = await hearSocket(page, () => tables.row('revoked.taken').whole.waitFor());
      await ask(app.server, {
        as: { token: administrator.token },
        query: 'mutation ($id: ID!) { revokeTableAccess(input: { grantId: $id }) { __typename } }',
        variables: { id: `TableGrant:${grant.id}` },
      });
      await app.sync('revoked');
      await eventually(() => tables.row('revoked.taken').whole.count()).toBe(0);
      await eventually(() => tables.row('revoked.kept').status.textContent()).toBe('OK');
      expect(frames.join()).toContain('revoked.kept');
      expect(frames.join()).not.toContain('revoked.taken');
    });

    test('leaves when they come back to the page', async () => {
      const { gone } = await app.addSource('left', { gone: { content: csvOfOrders(1) } });
      const analyst = await app.person('core.analyst');
      const grant = await app.grant(analyst, gone);
      const { page, tables, frame } = await app.openTables({ as: analyst });
      await tables.row('left.gone').whole.waitFor();
      await ask(app.server, {
        as: { token: administrator.token },
        query: 'mutation ($id: ID!) { revokeTableAccess(input: { grantId: $id }) { __typename } }',
        variables: { id: `TableGrant:${grant.id}` },
      });
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      await frame.notice('There is no table for you yet').waitFor();
    });
  });

  test('the search stands in the address, and the address is a search', async () => {
    const content = csvOfOrders(1);
    await app.addSource('found', { orders: { content }, order_lines: { content }, customers: { content } });
    const { page, tables } = await app.openTables({ as: administrator });
    await tables.search.pressSequentially('found.order', { delay: 60 });
    await eventually(() => tables.rows.count()).toBe(2);
    await page.getByText('2 tables', { exact: true }).waitFor();
    expect(await tables.search.evaluate((field) => field === document.activeElement)).toBe(true);
    await eventually(() => new URL(page.url()).search).toBe('?q=found.order');
    await tables.open(app.server.url, `?q=found.customers`);
    await eventually(() => tables.rows.count()).toBe(1);
    expect(await tables.search.inputValue()).toBe('found.customers');
    await tables.search.fill('1e3');
    await page.getByText('No table matches “1e3”.').waitFor();
    expect(new URL(page.url()).search).toBe('?q=1e3');
  });

  test('many tables come in pages of 50, walked by keyboard', async () => {
    await app.addSource('many', {});
    for (let number = 1; number <= 120; number += 1) {
      const name = `table_${String(number).padStart(3, '0')}`;
      await app.server.run(registerTable, { source: 'many', name, options: { path: `${name}.csv` } });
    }
    const { page, tables } = await app.openPage({ as: administrator });
    await tables.open(app.server.url, `?q=many.`);
    await eventually(() => tables.rows.count()).toBe(50);
    await tables.next.focus();
    await page.keyboard.press('Enter');
    await tables.row('many.table_051').whole.waitFor();
    await tables.next.click();
    await tables.row('many.table_120').whole.waitFor();
    expect(await tables.rows.count()).toBe(20);
    expect(await tables.next.isDisabled()).toBe(true);
    await tables.previous.click();
    await tables.row('many.table_051').whole.waitFor();
  });

  test('hostile names, texts and values are shown as text and keep the page in shape', async () => {
    const html = '<img src=x onerror="document.title=`broken`"><script>document.title="broken"</script>';
    const quoted = `"${html.replaceAll('"', '""')}"`;
    await app.addSource('hostile', {
      html: { content: `id,${quoted}\n1,${quoted}\n`, description: html },
      rtl: { content: 'id,\u202Eטבלה של הזמנות\n1,\u202Eהפוך\n', description: '\u202Eטבלה של הזמנות' },
      long: { content: `id,value\n1,${'y'.repeat(10_000)}\n`, description: 'x'.repeat(10_000) },
      wide: { content: `id,${'w'.repeat(10_000)}\n1,2\n`, description: 'One very long column name.' },
      failing: {
        content: `id,total\n1,2\n2,${'z'.repeat(10_000)}\n`,
        types: { total: 'INTEGER' },
        description: 'A value that is no number.',
      },
      failing_html: { content: `id,total\n1,${quoted}\n`, types: { total: 'INTEGER' } },
    });
    await app.sync('hostile');
    const { page, tables } = await app.openPage({ as: administrator });
    await tables.open(app.server.url, `?q=hostile.`);
    await eventually(() => tables.rows.count()).toBe(6);
    expect(await tables.row('hostile.html').whole.textContent()).toContain(html);
    expect(await tables.reason('hostile.failing').textContent()).toContain('failing.csv, line 3');
    for (const row of await tables.rows.all()) expect((await row.boundingBox())?.height).toBeLessThan(80);
    for (const name of ['failing', 'failing_html']) {
      expect((await tables.reason(`hostile.${name}`).boundingBox())?.height).toBeLessThan(80);
    }
    for (const name of ['html', 'rtl', 'long', 'wide', 'failing', 'failing_html']) {
      await tables.row(`hostile.${name}`).unfold.click();
    }
    await page.getByRole('list', { name: 'Columns' }).first().waitFor();
    expect(await page.getByRole('region', { name: 'About hostile.html' }).textContent()).toContain(html);
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.title()).toBe('Tables · Agnes');
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect(widths[0]).toBe(widths[1]);
  });

  test('everything on the page is reached and used by keyboard alone', async () => {
    const { orders } = await app.addSource('keyboard', {
      orders: { content: csvOfOrders(5), primaryKey: ['id'], description: 'One row per order.' },
    });
    const { page, tables } = await app.openPage({ as: administrator });
    await tables.open(app.server.url, `?q=${orders.sqlName}`);
    await tables.row('keyboard.orders').whole.waitFor();
    const { syncNow } = tables.source('keyboard');
    await syncNow.waitFor();

    await page.keyboard.press('Tab');
    expect(await focusedName(page)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    await tabTo(page, 'Sync now: keyboard');
    await page.keyboard.press('Enter');
    await eventually(() => tables.row('keyboard.orders').rows.textContent()).toBe('5');
    await tables.search.focus();
    await page.keyboard.press('Tab');
    expect(await focusedName(page)).toBe('Tables');
    await page.keyboard.press('Tab');
    expect(await focusedName(page)).toBe('Columns of keyboard.orders');
    await page.keyboard.press('Enter');
    const columns = page.getByRole('list', { name: 'Columns' }).getByRole('listitem');
    await eventually(() => columns.allTextContents()).toEqual(['idBIGINT · key', 'amountDOUBLE']);
    await page.keyboard.press('Tab');
    expect(await focusedName(page)).toBe('keyboard.orders');
    await page.keyboard.press('Tab');
    expect(await focusedName(page)).toBe('About keyboard.orders');
    for (let back = 0; back < 2; back += 1) await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    await eventually(() => columns.count()).toBe(0);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'keyboard.orders' }).waitFor();
  });

  test(
    'axe finds nothing, with every status, wide and narrow',
    async () => {
      const source = `axe`;
      const { unsynced } = await app.addSource(source, {
        orders: { content: csvOfOrders(20), description: 'One row per order.' },
        broken: { content: 'id,name\n1,Ada\n2,Ben,too much\n' },
        unsynced: { content: csvOfOrders(1) },
      });
      const others = app.server.open.services.registry.tables().filter(({ sqlName }) => sqlName.startsWith(source));
      const tableIds = others.map(({ id }) => id).filter((id) => id !== unsynced.id);
      await app.server.run(startSync, { source, tables: tableIds });
      await app.server.open.syncRunner.idle();
      const { page, tables } = await app.openPage({ as: administrator });
      await tables.open(app.server.url, `?q=${source}.`);
      await tables.row(`${source}.orders`).unfold.click();
      await page.getByRole('list', { name: 'Columns' }).waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await page.setViewportSize({ width: 400, height: 800 });
      expect(await findAccessibilityFaults(page)).toEqual([]);
    },
    axeMilliseconds,
  );
});

function csvOfOrders(rows: number): string {
  return `id,amount\n${Array.from({ length: rows }, (_, index) => `${index},${index}.5\n`).join('')}`;
}

/** Notes each text that the status of a table takes on; what is returned reads the notes. */
async function recordStatuses(page: Page, sqlName: string): Promise<() => Promise<string[]>> {
  await page.evaluate((name) => {
    const row = document.querySelector(`tr[data-table="${name}"]`)!;
    const seen: string[] = [];
    const note = () => {
      const text = row.querySelector('td')?.textContent ?? '';
      if (seen.at(-1) !== text) seen.push(text);
    };
    note();
    new MutationObserver(note).observe(row, { subtree: true, childList: true, characterData: true });
    Object.assign(window, { seen });
  }, sqlName);
  return () => page.evaluate(() => (window as unknown as { seen: string[] }).seen);
}

/** Loads the page again and returns all that its socket receives, from then on, as a list that grows. */
async function hearSocket(page: Page, loaded: () => Promise<void>): Promise<string[]> {
  const frames: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
  await page.reload();
  await eventually(() => frames.join()).toContain('connection_ack');
  await loaded();
  return frames;
}

function focusedName(page: Page): Promise<string> {
  return page.evaluate(
    () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
  );
}

/** Presses Tab until what has this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 50; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await focusedName(page)) === name) return;
  }
  throw new Error(`Tab never reached ${name}`);
}
