import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createGroupMapping } from '../../src/access/create-group-mapping.ts';
import { createRole } from '../../src/access/create-role.ts';
import { deleteGroupMapping } from '../../src/access/delete-group-mapping.ts';
import { grantRole } from '../../src/access/grant-role.ts';
import { replaceExternalGroups, type NamedGroup } from '../../src/people/replace-external-groups.ts';
import { describeInBrowser } from '../kit/browser.ts';
import type { TestPerson } from '../kit/server.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { eventually, useWebApp } from './web-app.ts';

const axeMilliseconds = 120_000;
const html = '<img src=x onerror="document.title=`broken`"> "quoted"';
const rightToLeft = '\u202Eקבוצת המכירות';

describeInBrowser('the pages of access', () => {
  const app = useWebApp();
  let administrator: TestPerson;

  beforeAll(async () => {
    administrator = await app.person('core.admin');
  });

  /** A page that answers the query of this name with a failure of the server. */
  async function openFailing(operation: string) {
    const opened = await app.openPage({ as: administrator });
    const message = 'Something went wrong on the server (request 0f3a).';
    await opened.page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes(`query ${operation}`)) return route.continue();
      await route.fulfill({ json: { data: null, errors: [{ message }] } });
    });
    return { ...opened, message };
  }

  function joinGroups(person: TestPerson, groups: readonly NamedGroup[]): Promise<void> {
    return app.server.open.services.store.write((tx) =>
      replaceExternalGroups(tx, { userId: person.id, provider: 'test', groups }),
    );
  }

  describe('roles', () => {
    test('an own role is made, seen in the graph and the list, changed and deleted', async () => {
      const { page, roles } = await app.openPage({ as: administrator });
      await roles.open(app.server.url);
      await roles.row('core.admin').waitFor();
      expect(await roles.row('core.admin').textContent()).toContain('not changeable');
      expect(
        await roles
          .row('core.admin')
          .getByRole('button', { name: /Change|Delete/ })
          .count(),
      ).toBe(0);

      await roles.create.click();
      await roles.field('Name').fill('Sales lead');
      await roles.field('Key').fill('Sales Lead');
      await roles.choice('Analyst').check();
      await roles.press('Make the role');
      await eventually(() => roles.dialog.textContent()).toContain('segments of a-z');
      expect(await roles.field('Key').getAttribute('aria-invalid')).toBe('true');
      await eventually(() => roles.field('Key').evaluate((field) => field === document.activeElement)).toBe(true);
      await roles.field('Key').fill('core.admin2');
      await roles.press('Make the role');
      await eventually(() => roles.dialog.textContent()).toContain('The module name core is reserved');
      await roles.field('Key').fill('sales.lead');
      await roles.press('Make the role');
      await roles.box('sales.lead').waitFor();
      expect(await roles.dialog.count()).toBe(0);
      expect(await roles.row('sales.lead').getByRole('cell').allTextContents()).toEqual([
        'sales',
        'Analyst',
        'none',
        '0',
        '0',
        'An administratorChangeDelete',
      ]);

      await roles.create.click();
      await roles.field('Name').fill('Another');
      await roles.field('Key').fill('sales.lead');
      await roles.press('Make the role');
      await eventually(() => roles.dialog.textContent()).toContain('a role with the key sales.lead already');
      await page.keyboard.press('Escape');
      await roles.dialog.waitFor({ state: 'detached' });
      await eventually(() => roles.create.evaluate((button) => button === document.activeElement)).toBe(true);

      await page.getByRole('button', { name: 'Change: Sales lead' }).click();
      expect(await roles.choice('Analyst').isChecked()).toBe(true);
      await roles.field('Name').fill('Head of sales');
      await roles.choice('Analyst').uncheck();
      await roles.choice('Viewer').check();
      await roles.press('Save the changes');
      await eventually(() => roles.row('sales.lead').textContent()).toContain('Head of salessales.lead');
      expect(await roles.row('sales.lead').getByRole('cell').nth(1).textContent()).toBe('Viewer');

      await page.getByRole('button', { name: 'Delete: Head of sales' }).click();
      await roles.press('Delete the role');
      await roles.row('sales.lead').waitFor({ state: 'detached' });
      expect(app.server.open.services.accessIndex.role('sales.lead')).toBeUndefined();
    });

    test('a circle is refused at the roles that would close it', async () => {
      await app.server.run(createRole, { key: 'ring.a', displayName: 'Ring A' });
      await app.server.run(createRole, { key: 'ring.b', displayName: 'Ring B', implies: ['ring.a'] });
      const { page, roles } = await app.openPage({ as: administrator });
      await roles.open(app.server.url);
      await page.getByRole('button', { name: 'Change: Ring A' }).click();
      await roles.choice('Ring B').check();
      await roles.press('Save the changes');
      await eventually(() => roles.dialog.getByRole('alert').textContent()).toContain('in a circle');
    });

    test('a role in use is deleted only after it was said what would be lost', async () => {
      const used = { key: 'used.role', displayName: 'Used role' };
      await app.server.run(createRole, used);
      await app.server.run(createRole, { key: 'used.above', displayName: 'Above', implies: ['used.role'] });
      const holder = await app.person();
      await app.server.run(grantRole, { userId: holder.id, roleKey: 'used.role' });
      await app.server.run(createGroupMapping, { externalGroupId: 'used-group', roleKey: 'used.role' });
      const { page, roles } = await app.openPage({ as: administrator });
      await roles.open(app.server.url);
      expect(await roles.row('used.role').getByRole('cell').nth(3).textContent()).toBe('1');
      await page.getByRole('button', { name: 'Delete: Used role' }).click();
      await roles.press('Delete the role');
      await eventually(() => roles.dialog.getByRole('listitem').allTextContents()).toEqual([
        '1 grant to users',
        '1 group mapping',
        'what these roles imply by it: Above',
      ]);
      expect(app.server.open.services.accessIndex.role('used.role')).toBeDefined();
      await roles.press('Delete it with all of this');
      await roles.row('used.role').waitFor({ state: 'detached' });
      expect(app.server.open.services.accessIndex.role('used.role')).toBeUndefined();
      expect(app.server.open.services.accessIndex.grantsOf(holder.id)).toEqual([]);
    });

    test('the chosen role tells what it implies and what implies it, by keyboard, and stands in the address', async () => {
      const { page, roles } = await app.openPage({ as: administrator });
      await roles.open(app.server.url);
      await roles.box('core.analyst').focus();
      await page.keyboard.press('Enter');
      await eventually(() => roles.box('core.viewer').getAttribute('data-relation')).toBe('implied');
      expect(await roles.box('core.admin').getAttribute('data-relation')).toBe('impliedBy');
      expect(await roles.box('core.analyst').getAttribute('aria-pressed')).toBe('true');
      expect(await roles.caption.textContent()).toMatch(/^Analyst implies: Viewer.*Implied by: Administrator/);
      expect(new URL(page.url()).search).toBe('?role=core.analyst');
      await page.reload();
      await eventually(() => roles.row('core.analyst').getAttribute('data-selected')).toBe('true');
      await page.keyboard.press('Tab');
      await roles.box('core.analyst').press('Space');
      await eventually(() => new URL(page.url()).search).toBe('');
      expect(await roles.caption.textContent()).toContain('Choose a role');
    });

    test('who is no administrator sees them and can change none', async () => {
      await app.server.run(createRole, { key: 'fixed.role', displayName: 'Fixed role' });
      const { page, roles, frame } = await app.openPage({ as: await app.person('core.viewer') });
      await roles.open(app.server.url);
      await roles.row('fixed.role').waitFor();
      expect(await roles.create.count()).toBe(0);
      expect(await page.getByRole('button', { name: /^(Change|Delete): / }).count()).toBe(0);
      expect(await frame.navigation.getByRole('link').allTextContents()).toEqual([
        'Home',
        'Tables',
        'SQL',
        'Metrics',
        'Roles',
        'Access matrix',
        'Profile',
        'GraphiQL',
      ]);
    });

    test('a missing role and a failure of the server are told', async () => {
      const { page, roles, frame } = await app.openPage({ as: await app.person() });
      await roles.open(app.server.url);
      await frame.notice('You may not see this page').waitFor();
      expect(await page.getByRole('alert').textContent()).toContain('core.viewer');
      expect(await frame.navigation.getByRole('link').allTextContents()).toEqual([
        'Home',
        'Access matrix',
        'Profile',
        'GraphiQL',
      ]);

      const failing = await openFailing('Roles');
      await failing.roles.open(app.server.url);
      await failing.frame.notice('The roles could not be loaded').waitFor();
      expect(await failing.page.getByRole('alert').textContent()).toContain(failing.message);
      await failing.page.unroute('**/graphql');
      await failing.frame.retry.click();
      await failing.roles.row('core.admin').waitFor();
    });
  });

  describe('group mappings', () => {
    test('say that there is none, and a known group is found by its name and mapped, once', async () => {
      const member = await app.person();
      await joinGroups(member, [{ id: 'team-4711', name: 'Data team' }, { id: 'team-4712' }]);
      const { mappings, frame } = await app.openPage({ as: administrator });
      // Other tests of this file may have mapped groups.
      for (const { id } of app.server.open.services.accessIndex.groupMappings()) await removeMapping(id);
      await mappings.open(app.server.url);
      await frame.notice('No group is mapped yet').waitFor();

      await mappings.map.click();
      await mappings.group.fill('data te');
      await eventually(() => mappings.options.allTextContents()).toEqual(['Data teamteam-47111 member; no role yet']);
      await mappings.options.click();
      expect(await mappings.group.inputValue()).toBe('team-4711');
      await mappings.role.selectOption('core.analyst');
      await mappings.map.click();
      await eventually(() => mappings.mapped('team-4711').textContent()).toContain('Data teamteam-47111 memberAnalyst');
      expect(await frame.notice('No group is mapped yet').count()).toBe(0);
      expect([...app.server.open.services.accessIndex.rolesOf(member.id)]).toContain('core.analyst');

      await mappings.group.fill('team-4711');
      await mappings.map.click();
      await eventually(() => mappings.refusal.textContent()).toContain('is mapped to the role core.analyst already');

      await mappings.mapped('team-4711').getByRole('button', { name: 'Remove: Analyst from Data team' }).click();
      await mappings.dialog.getByRole('button', { name: 'Remove the mapping' }).click();
      await frame.notice('No group is mapped yet').waitFor();
      expect([...app.server.open.services.accessIndex.rolesOf(member.id)]).toEqual([]);
    });

    test('take the id of a group that is not known yet, and tell what is wrong with one', async () => {
      const { page, mappings } = await app.openPage({ as: administrator });
      await mappings.open(app.server.url);
      await mappings.group.fill(' ');
      await mappings.map.click();
      await page.getByText('Choose a role for the members').waitFor();
      await mappings.role.selectOption('core.viewer');
      await mappings.map.click();
      await page.getByText('The id of a group cannot be empty').waitFor();
      await mappings.group.fill('x'.repeat(501));
      await mappings.map.click();
      await page.getByText('at most 500 characters').waitFor();
      await mappings.group.fill('future@example.com');
      await page.getByText('Nobody is in a group with exactly this id yet').waitFor();
      await mappings.map.click();
      await eventually(() => mappings.mapped('future@example.com').textContent()).toContain('no members yetViewer');
    });

    test('a missing role and a failure of the server are told', async () => {
      const { page, mappings, frame } = await app.openPage({ as: await app.person('core.analyst') });
      await mappings.open(app.server.url);
      await frame.notice('You may not see this page').waitFor();
      expect(await page.getByRole('alert').textContent()).toContain('core.admin');
      expect(await frame.navigation.textContent()).not.toContain('Group mappings');

      const failing = await openFailing('GroupMappings');
      await failing.mappings.open(app.server.url);
      await failing.frame.notice('The group mappings could not be loaded').waitFor();
      expect(await failing.page.getByRole('alert').textContent()).toContain(failing.message);
      await failing.page.unroute('**/graphql');
      await failing.frame.retry.click();
      await failing.mappings.group.waitFor();
    });
  });

  test(
    'hostile and endless names break nothing, and axe finds nothing',
    async () => {
      const key = (name: string) => `hostile.${name}`;
      const member = await app.person();
      const longName = 'long'.padEnd(100, 'w');
      const endless = { id: `hostile-${'i'.repeat(490)}`, name: 'x'.repeat(10_000) };
      await joinGroups(member, [{ id: `hostile-html`, name: html }, { id: `hostile-rtl`, name: rightToLeft }, endless]);
      await app.server.run(createRole, { key: key('html'), displayName: html, description: html.repeat(30) });
      await app.server.run(createRole, { key: key('rtl'), displayName: rightToLeft, implies: ['core.viewer'] });
      await app.server.run(createRole, {
        key: key('long'),
        displayName: longName,
        description: 'd'.repeat(2_000),
        implies: [key('html'), key('rtl'), 'core.analyst'],
      });
      for (const id of [`hostile-html`, `hostile-rtl`, endless.id]) {
        await app.server.run(createGroupMapping, { externalGroupId: id, roleKey: key('html') });
      }
      const { page, roles, mappings } = await app.openPage({ as: administrator });
      await roles.open(app.server.url, key('long'));
      await eventually(() => roles.row(key('html')).textContent()).toContain(html);
      for (const size of [null, { width: 400, height: 800 }]) {
        if (size) await page.setViewportSize(size);
        expect(await findAccessibilityFaults(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
      }
      await page.getByRole('button', { name: `Change: ${longName}` }).click();
      await roles.field('Key').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);

      await mappings.open(app.server.url);
      await mappings.mapped(endless.id).waitFor();
      expect(await mappings.mapped(`hostile-html`).textContent()).toContain(html);
      expect((await mappings.mapped(endless.id).boundingBox())?.height).toBeLessThan(200);
      expect(await overflow(page)).toBe(0);
      await page.setViewportSize({ width: 1280, height: 800 });
      await mappings.group.fill('hostile');
      await eventually(() => mappings.options.count()).toBe(3);
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await mappings.mapped(endless.id).getByRole('button').click();
      await mappings.dialog.getByText('loses').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      expect(await page.locator('main img').count()).toBe(0);
      expect(await page.title()).toBe('Group mappings · Agnes');
    },
    axeMilliseconds,
  );

  function removeMapping(id: string): Promise<unknown> {
    return app.server.run(deleteGroupMapping, { id });
  }
});

/** How much wider the page is than the window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
