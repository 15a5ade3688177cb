// Draws the pictures of `docs/images` from the sample data of the demo:
//   npx tsx tests/e2e/screenshots.ts [folder]
// It starts a demo of its own on a free port with an empty folder, and ends it.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { launchBrowser, type TestBrowser } from '../kit/browser.ts';
import { graphiqlPage, groupMappingsPage, rolesPage, tablesPage } from './web-pages.ts';

const folder = process.argv[2] ?? join(packageRoot, 'docs/images');
const windowSize = { width: 1280, height: 800 };

interface Picture {
  name: string;
  colorScheme: 'light' | 'dark';
  prepare: (page: Page, url: string) => Promise<unknown>;
}

const pictures: readonly Picture[] = [
  { name: 'tables-light', colorScheme: 'light', prepare: showTables },
  { name: 'tables-dark', colorScheme: 'dark', prepare: showTables },
  { name: 'roles-light', colorScheme: 'light', prepare: showRoles },
  { name: 'roles-dark', colorScheme: 'dark', prepare: showRoles },
  { name: 'group-mappings-light', colorScheme: 'light', prepare: showGroupMappings },
  { name: 'group-mappings-dark', colorScheme: 'dark', prepare: showGroupMappings },
  { name: 'graphiql', colorScheme: 'light', prepare: showGraphiql },
];

async function showTables(page: Page, url: string): Promise<void> {
  const tables = tablesPage(page);
  await tables.open(url);
  await tables.row('company.orders').unfold.click();
  await page.getByRole('list', { name: 'Columns' }).waitFor();
}

async function showRoles(page: Page, url: string): Promise<void> {
  const roles = rolesPage(page);
  await roles.open(url, 'sales.lead');
  await roles.box('sales.lead').waitFor();
}

async function showGroupMappings(page: Page, url: string): Promise<void> {
  const mappings = groupMappingsPage(page);
  await mappings.open(url);
  await mappings.mapped('sales@example.com').waitFor();
  await mappings.group.fill('support');
  await mappings.options.first().waitFor();
}

async function showGraphiql(page: Page, url: string): Promise<void> {
  const graphiql = graphiqlPage(page);
  await graphiql.open(url);
  await graphiql.execute.click();
  await graphiql.answer.getByText('rows').first().waitFor();
}

/** What the demo has none of: own roles, and groups that are mapped. */
const moreAccess = `mutation {
  reader: createRole(input: { key: "sales.reader", displayName: "Sales reader", description: "Reads the tables of sales." }) { __typename }
  lead: createRole(input: {
    key: "sales.lead", displayName: "Sales lead", implies: ["sales.reader", "core.analyst"]
    description: "Plans the quarter: reads the tables of sales, and asks statements of its own."
  }) { __typename }
  desk: createRole(input: { key: "support.desk", displayName: "Support desk", implies: ["core.viewer"] }) { __typename }
  sales: createGroupMapping(input: { externalGroupId: "sales@example.com", roleKey: "sales.lead" }) { __typename }
  support: createGroupMapping(input: { externalGroupId: "support@example.com", roleKey: "support.desk" }) { __typename }
}`;

async function addAccess(url: string): Promise<void> {
  const body = JSON.stringify({ query: moreAccess });
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  const text = await answer.text();
  if (/errors|Error/.test(text)) throw new Error(text);
}

async function takePicture(browser: TestBrowser, url: string, { name, colorScheme, prepare }: Picture): Promise<void> {
  const { page, close } = await browser.newPage({ colorScheme });
  await page.setViewportSize(windowSize);
  await prepare(page, url);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  await close();
}

const developmentGroups = JSON.stringify([
  { id: 'sales@example.com', name: 'Sales' },
  { id: 'support@example.com', name: 'Support' },
  { id: 'support-night@example.com', name: 'Support at night' },
]);

async function startDemo() {
  const dataDir = mkdtempSync(join(tmpdir(), 'agnes-pictures-'));
  const child = spawn(process.execPath, [join(packageRoot, 'src/build/launch.mjs'), 'demo'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DATA_DIR: dataDir, PORT: '18080', LOCAL_DEV_GROUPS: developmentGroups },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let url = '';
  for await (const line of createInterface(child.stdout)) {
    url = /Web +(http\S+)\//.exec(line)?.[1] ?? url;
    if (line.startsWith('Ready')) break;
  }
  return {
    url,
    async end() {
      child.kill('SIGTERM');
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

mkdirSync(folder, { recursive: true });
const demo = await startDemo();
const browser = await launchBrowser();
try {
  await addAccess(demo.url);
  for (const picture of pictures) await takePicture(browser, demo.url, picture);
} finally {
  await browser.close();
  await demo.end();
}
