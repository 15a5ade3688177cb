import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { grantRole } from '../../src/access/grant-role.ts';
import { listAuditEvents } from '../../src/audit/read-audit-events.ts';
import { writeAuditEvent } from '../../src/audit/record-audit-event.ts';
import { newId } from '../../src/kernel/ids.ts';
import { describeInBrowser } from '../kit/browser.ts';
import type { TestPerson } from '../kit/server.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { auditPage } from './audit-page.ts';
import { eventually, useWebApp } from './web-app.ts';

const axeMilliseconds = 120_000;
const html = '<img src=x onerror="document.title=`broken`"> "quoted"';
const hostile = `${html}\u202Eקבוצת${'x'.repeat(10_000)}`;

describeInBrowser('the page of the audit', () => {
  const app = useWebApp();
  let administrator: TestPerson;
  const many = 505;

  beforeAll(async () => {
    administrator = await app.person('core.admin');
    const { store } = app.server.open.services;
    const event = { actorId: null, actor: 'loader@example.com', credential: 'pat', requestId: 'r', resource: 'lamp:1' };
    await store.write(async ({ db }) => {
      const rows = Array.from({ length: many }, (_, index) => ({
        id: newId(),
        at: new Date(Date.UTC(2026, 0, 1, 0, 0, index)),
        actor_id: null,
        actor: event.actor,
        credential: event.credential,
        action: 'lamp.lit',
        resource: event.resource,
        request_id: 'r',
        details: JSON.stringify({ count: index }),
      }));
      await db.insertInto('audit_events').values(rows).execute();
    });
    const details = { note: hostile, formula: '=1+1', nested: { list: [{ a: 1 }] }, tables: ['one', 'two'], end: null };
    const strange = { ...event, id: newId(), at: new Date('2026-02-01T00:00:00Z'), details };
    await writeAuditEvent(store, { ...strange, actor: '=cmd()', action: 'strange.seen', resource: hostile });
  });

  async function open() {
    const opened = await app.openPage({ as: administrator });
    return { ...opened, audit: auditPage(opened.page) };
  }

  async function download(page: Page, name: string): Promise<string> {
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    return readFileSync(await saved.path(), 'utf8');
  }

  test('events are narrowed and paged in the address, told name by name, and lead to what they are about', async () => {
    const person = await app.person('core.viewer');
    await app.server.run(grantRole, { userId: person.id, roleKey: 'core.analyst' });
    const { page, audit, frame } = await open();
    await audit.open(app.server.url);
    await audit.field('Action begins with').fill('role.');
    await audit.field('Action begins with').press('Enter');
    await eventually(() => new URL(page.url()).search).toBe('?action=role.');
    await eventually(() => audit.events.count()).toBe(1);
    expect(await audit.event('role.granted').textContent()).toContain('roleKey core.analyst');
    await audit.event('role.granted').getByRole('button').click();
    await eventually(() => audit.details.textContent()).toContain('roleKeycore.analyst');
    await audit.event('role.granted').getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: /^person-/ }).waitFor();
    await page.goBack();
    await audit.event('role.granted').getByRole('button').click();
    await page.getByRole('button', { name: 'Only on this' }).click();
    await eventually(() => new URL(page.url()).searchParams.get('resource')).toBe(`user:${person.id}`);

    await audit.showAll.click();
    await audit.field('Who').fill('Loader@example.com');
    await audit.field('From').fill('2026-01-01T00:00:10');
    await audit.field('Before').fill('2026-01-01T00:02:00');
    await audit.show.click();
    await eventually(() => audit.events.count()).toBe(50);
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
      actor: 'Loader@example.com',
      since: '2026-01-01T00:00:10.000Z',
      until: '2026-01-01T00:02:00.000Z',
    });
    await page.getByRole('button', { name: 'Next 50' }).click();
    await page.getByRole('button', { name: 'Next 50' }).click();
    await eventually(() => audit.events.count()).toBe(10);
    await page.reload();
    await eventually(() => audit.events.count()).toBe(10);
    expect(await audit.field('Before').inputValue()).toBe('2026-01-01T00:02');
    await audit.open(app.server.url, '?action=nothing.');
    await frame.notice('No event fits').waitFor();
  });

  test('an export has exactly the events that fit, of every page, and no cell that a spreadsheet would run', async () => {
    const { page, audit } = await open();
    await audit.open(app.server.url, '?action=lamp.');
    await audit.events.first().waitFor();
    const lines = (await download(page, 'Export NDJSON')).trimEnd().split('\n');
    const { store } = app.server.open.services;
    const stored = await listAuditEvents(store, { limit: 10_000, actionPrefix: 'lamp.' });
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(
      stored.map(({ id }) => `AuditEvent:${id}`),
    );
    expect(lines).toHaveLength(many);
    await eventually(() => audit.exported.textContent()).toBe('Saved 505 events.');
    await audit.open(app.server.url, '?action=strange.');
    await audit.events.first().waitFor();
    const csv = await download(page, 'Export CSV');
    expect(csv.split('\r\n')[1]).toMatch(/^"2026-02-01T00:00:00.000Z","'=cmd\(\)","pat","strange.seen","<img src=x/);

    await audit.open(app.server.url, '?action=lamp.');
    await audit.events.first().waitFor();
    let pages = 0;
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('"first":500') || (pages += 1) === 1) return route.continue();
      await route.fulfill({ json: { data: null, errors: [{ message: 'It went wrong.' }] } });
    });
    const saved: unknown[] = [];
    page.on('download', (one) => saved.push(one));
    await page.getByRole('button', { name: 'Export CSV' }).click();
    await eventually(() => audit.exported.textContent()).toBe('Nothing was saved: It went wrong.');
    expect(saved).toEqual([]);
  });

  test('who lacks the role is told which, a failure of the server is told, and trying again works', async () => {
    const person = await app.openPage({ as: await app.person('core.km_admin') });
    await auditPage(person.page).open(app.server.url);
    await person.frame.notice('You may not see this page').waitFor();
    expect(await person.page.getByRole('alert').textContent()).toContain('core.admin');
    expect(await person.frame.navigation.textContent()).not.toContain('Audit');
    const { page, audit, frame } = await open();
    await page.route('**/graphql', async (route) => {
      if (!/query AuditEvents/.test(route.request().postData() ?? '')) return route.continue();
      await route.fulfill({ json: { data: null, errors: [{ message: 'Something went wrong.' }] } });
    });
    await audit.open(app.server.url);
    await frame.notice('The audit could not be loaded').waitFor();
    await page.unroute('**/graphql');
    await frame.retry.click();
    await audit.events.first().waitFor();
  });

  test(
    'hostile and endless details break nothing, and axe finds nothing',
    async () => {
      const { page, audit } = await open();
      await audit.open(app.server.url, '?action=strange.');
      await audit.event('strange.seen').getByRole('button').click();
      await eventually(() => audit.details.locator('dt').allTextContents()).toEqual([
        'note',
        'formula',
        'nested',
        'tables',
        'end',
      ]);
      expect(await audit.details.getByRole('listitem').allTextContents()).toEqual(['one', 'two']);
      expect(await audit.details.locator('pre').textContent()).toContain('"a": 1');
      expect(await findAccessibilityFaults(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
      expect(await page.locator('main img').count()).toBe(0);
      expect(await page.title()).toBe('Audit · Agnes');
    },
    axeMilliseconds,
  );
});
