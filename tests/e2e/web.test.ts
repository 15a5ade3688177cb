import { expect, test } from 'vitest';
import { describeInBrowser } from '../kit/browser.ts';
import { takeScreenshot } from './screenshots.ts';
import { eventually, useWebApp } from './web-app.ts';

describeInBrowser('the page of tables', () => {
  const app = useWebApp();

  test('shows a sync as it happens, without a reload', async () => {
    app.becomeAdministrator();
    app.world.sources.push({ name: 'shop', connector: 'files' });
    const orders = app.world.addTable('orders');
    const customers = app.world.addTable('customers');
    const { page, tables, consoleErrors, foreignRequests } = await app.openTables();
    const row = tables.row('shop.orders');
    await eventually(() => row.status.textContent()).toBe('Never synced');
    expect(await row.rows.textContent()).toBe('–');
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));

    await tables.source('shop').syncNow.click();
    await eventually(() => tables.source('shop').whole.textContent()).toContain('Syncing…');
    expect(await tables.source('shop').syncNow.isDisabled()).toBe(true);
    app.world.begin(orders);
    await eventually(() => row.status.textContent()).toBe('Running');
    app.world.publish(orders, { rows: '9007199254740993', sizeBytes: '1234567' });
    await eventually(() => row.status.textContent()).toBe('OK');
    expect(await row.rows.textContent()).toBe('9,007,199,254,740,993');
    expect(await row.size.textContent()).toBe('1.23 MB');
    expect(await row.lastSync.textContent()).toBe('just now');
    expect(await row.lastSync.locator('time').getAttribute('title')).toMatch(/UTC$/);
    app.world.fail(customers, 'customers.csv, line 7: "x" is no number.');
    await eventually(() => tables.row('shop.customers').status.textContent()).toContain('line 7: "x" is no number.');
    app.world.finishRun('shop');
    await eventually(() => tables.source('shop').syncNow.isEnabled()).toBe(true);

    expect(await row.rows.textContent()).toBe('9,007,199,254,740,993');
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
    expect({ consoleErrors, foreignRequests }).toEqual({ consoleErrors: [], foreignRequests: [] });
  });

  test('catches up after the connection was lost', async () => {
    const orders = app.world.addTable('orders');
    const { tables, frame: surroundings } = await app.openTables();
    const row = tables.row('shop.orders');
    app.world.begin(orders);
    await eventually(() => row.status.textContent()).toBe('Running');
    orders.syncState = { ...orders.syncState, status: 'OK', rows: '42' };
    app.server.dropSockets();
    await surroundings.lostConnection.waitFor();
    await eventually(() => row.rows.textContent()).toBe('42');
    await surroundings.lostConnection.waitFor({ state: 'detached' });
    app.world.publish(orders, { rows: '43', sizeBytes: '1' });
    await eventually(() => row.rows.textContent()).toBe('43');
  });

  test('a refusal to start a sync is told beside the source', async () => {
    app.becomeAdministrator();
    app.world.sources.push({ name: 'shop', connector: 'files' });
    app.world.addTable('orders');
    const { tables } = await app.openTables();
    await tables.source('shop').syncNow.waitFor();
    app.world.runningSources.add('shop');
    await tables.source('shop').syncNow.click();
    await eventually(() => tables.source('shop').refusal.textContent()).toMatch(/running already/);
  });

  test('somebody who may not start a sync sees no sources and no button', async () => {
    app.world.sources.push({ name: 'shop', connector: 'files' });
    app.world.addTable('orders');
    const { tables } = await app.openTables();
    await tables.row('shop.orders').whole.waitFor();
    expect(await tables.source('shop').syncNow.count()).toBe(0);
  });

  test('the search stands in the address, and the address is a search', async () => {
    for (const name of ['orders', 'order_lines', 'customers']) app.world.addTable(name);
    const { page, tables } = await app.openTables();
    await tables.search.pressSequentially('order', { delay: 60 });
    await eventually(() => tables.rows.count()).toBe(2);
    expect(await tables.search.evaluate((field) => field === document.activeElement)).toBe(true);
    await eventually(() => new URL(page.url()).search).toBe('?q=order');
    await page.goto(`${app.server.url}/?q=customers`);
    await eventually(() => tables.rows.count()).toBe(1);
    expect(await tables.search.inputValue()).toBe('customers');
    await tables.search.fill('1e3');
    await page.getByText('No table matches “1e3”.').waitFor();
    expect(new URL(page.url()).search).toBe('?q=1e3');
  });

  test('many tables come in pages of 50, walked by keyboard', async () => {
    for (let number = 1; number <= 120; number += 1) app.world.addTable(`table_${String(number).padStart(3, '0')}`);
    const { page, tables } = await app.openTables();
    await eventually(() => tables.rows.count()).toBe(50);
    await tables.next.focus();
    await page.keyboard.press('Enter');
    await tables.row('shop.table_051').whole.waitFor();
    await tables.next.click();
    await tables.row('shop.table_120').whole.waitFor();
    expect(await tables.rows.count()).toBe(20);
    expect(await tables.next.isDisabled()).toBe(true);
    await tables.previous.click();
    await tables.row('shop.table_051').whole.waitFor();
  });

  test('the columns of a table unfold by keyboard', async () => {
    app.world.addTable('orders');
    const { page, tables } = await app.openTables();
    const { unfold } = tables.row('shop.orders');
    await unfold.focus();
    await page.keyboard.press('Enter');
    expect(await unfold.getAttribute('aria-expanded')).toBe('true');
    const columns = page.getByRole('list', { name: 'Columns' }).getByRole('listitem');
    expect(await columns.allTextContents()).toEqual(['idBIGINT · key', 'created_atTIMESTAMP WITH TIME ZONE']);
    await page.keyboard.press('Enter');
    await eventually(() => columns.count()).toBe(0);
  });

  test('hostile names and texts are shown as text and keep the page in shape', async () => {
    const html = '<img src=x onerror="document.title=`broken`"><script>document.title="broken"</script>';
    app.world.addTable('html', { name: html, description: html, columns: [{ name: html, type: 'VARCHAR' }] });
    app.world.addTable('rtl', { name: '\u202Eטבלה של הזמנות', description: '\u202Eהפוך' });
    const long = app.world.addTable('long', { name: 'x'.repeat(10_000), description: 'y'.repeat(10_000) });
    long.syncState = { ...long.syncState, status: 'FAILED', error: 'z'.repeat(10_000) };
    const { page, tables, consoleErrors } = await app.openTables();
    for (const name of ['html', 'rtl', 'long']) await tables.row(`shop.${name}`).unfold.click();
    await eventually(() => tables.row('shop.html').whole.textContent()).toContain(html);
    expect(await page.title()).toBe('Tables · Example instance');
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect(widths[0]).toBe(widths[1]);
    const height = (await tables.row('shop.long').whole.boundingBox())?.height ?? Infinity;
    expect(height).toBeLessThan(120);
    expect(consoleErrors).toEqual([]);
    await takeScreenshot(page, 'tables-hostile');
  });
});
