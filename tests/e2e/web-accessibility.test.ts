import { describe, expect, test, vi } from 'vitest';
import { describeInBrowser } from '../kit/browser.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { takeScreenshot } from './screenshots.ts';
import type { World } from './stand-in/world.ts';
import { useWebApp } from './web-app.ts';
import { setupPage } from './web-pages.ts';

// Axe looks at every element; a busy machine takes long for that.
vi.setConfig({ testTimeout: 120_000 });

const colorSchemes = ['light', 'dark'] as const;

describeInBrowser('the web app', () => {
  const app = useWebApp();

  describe.each(colorSchemes)('accessibility in %s', (colorScheme) => {
    test('axe finds nothing on the page of tables, unfolded and with every status', async () => {
      app.becomeAdministrator();
      app.world.instance.developmentMode = true;
      fillWithExamples(app.world);
      const { page, tables } = await app.openTables(colorScheme);
      await tables.row('shop.orders').unfold.click();
      await page.getByRole('list', { name: 'Columns' }).waitFor();
      await takeScreenshot(page, `tables-${colorScheme}`);
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await page.setViewportSize({ width: 400, height: 800 });
      await takeScreenshot(page, `tables-narrow-${colorScheme}`);
      expect(await findAccessibilityFaults(page)).toEqual([]);
    });

    test('axe finds nothing on the setup page, with faults too', async () => {
      app.world.viewer = null;
      app.world.instance.setupNeeded = true;
      const { page } = await app.openPage(colorScheme);
      const setup = setupPage(page);
      await setup.open(app.server.url, app.world.setupSecret);
      await setup.submit.waitFor();
      await takeScreenshot(page, `setup-${colorScheme}`);
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await setup.submit.click();
      await page.getByText('Enter your name.').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
    });

    test('axe finds nothing on the notices', async () => {
      app.world.viewer = { email: 'new@example.com', roles: [] };
      const { page, frame: surroundings } = await app.openTables(colorScheme);
      await surroundings.notice('You may not see this page').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await page.goto(`${app.server.url}/no/such/page`);
      await surroundings.notice('There is no such page').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      app.world.viewer = null;
      await page.goto(app.server.url);
      await surroundings.notice('You are not signed in').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
    });
  });
});

function fillWithExamples(world: World): void {
  const lastSync = new Date(Date.now() - 3 * 3_600_000).toISOString();
  const fine = { status: 'OK', lastSync, error: null } as const;
  world.sources.push({ name: 'shop', connector: 'files' }, { name: 'billing', connector: 'files' });
  world.addTable('orders', {
    description: 'One row per order, from the day the shop opened.',
    syncState: { ...fine, rows: '1204331', sizeBytes: '48211734' },
    columns: ['id', 'customer_id', 'ordered_at', 'status', 'total', 'currency', 'note'].map((name) => ({
      name,
      type: name.endsWith('id') ? 'BIGINT' : 'VARCHAR',
    })),
  });
  world.addTable('customers', { syncState: { ...fine, rows: '58211', sizeBytes: '3120441' } });
  world.addTable('invoices', {
    source: 'billing',
    syncState: { ...fine, status: 'RUNNING', rows: '90210', sizeBytes: '7340032' },
  });
  const error =
    'invoices/lines.csv, line 1042: "12,50" is no number in the column amount. Mend the file, or set decimalSeparator.';
  world.addTable('invoice_lines', {
    source: 'billing',
    syncState: { status: 'FAILED', lastSync, rows: '310442', sizeBytes: '15400210', error },
  });
  world.addTable('refunds', { source: 'billing' });
}
