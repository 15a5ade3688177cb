// Draws the pictures of `docs/images` from the sample data of the demo:
//   npm run screenshots [-- folder]
// It starts a demo of its own on a free port with an empty folder, and ends it.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { launchBrowser, type TestBrowser } from '../kit/browser.ts';
import { accessPage, matrixPage, requestsPage } from './access-page.ts';
import { auditPage } from './audit-page.ts';
import { instancePage } from './instance-page.ts';
import { commandPalette } from './command-palette.ts';
import { homePage } from './home-page.ts';
import { metricsPage } from './metrics-page.ts';
import { sqlPage } from './sql-page.ts';
import { sourcesPage, syncRunsPage } from './sources-page.ts';
import { tablePage } from './table-page.ts';
import { graphiqlPage, groupMappingsPage, profilePage, rolesPage, tablesPage, usersPage } from './web-pages.ts';

const folder = process.argv[2] ?? join(packageRoot, 'docs/images');
const windowSize = { width: 1280, height: 800 };

interface Picture {
  name: string;
  colorScheme: 'light' | 'dark';
  prepare: (page: Page, url: string) => Promise<unknown>;
}

const pictures: readonly Picture[] = [
  { name: 'home-light', colorScheme: 'light', prepare: showHome },
  { name: 'home-dark', colorScheme: 'dark', prepare: showHome },
  { name: 'palette-light', colorScheme: 'light', prepare: showPalette },
  { name: 'palette-dark', colorScheme: 'dark', prepare: showPalette },
  { name: 'tables-light', colorScheme: 'light', prepare: showTables },
  { name: 'tables-dark', colorScheme: 'dark', prepare: showTables },
  { name: 'table-light', colorScheme: 'light', prepare: showTable },
  { name: 'table-dark', colorScheme: 'dark', prepare: showTable },
  { name: 'roles-light', colorScheme: 'light', prepare: showRoles },
  { name: 'roles-dark', colorScheme: 'dark', prepare: showRoles },
  { name: 'group-mappings-light', colorScheme: 'light', prepare: showGroupMappings },
  { name: 'group-mappings-dark', colorScheme: 'dark', prepare: showGroupMappings },
  { name: 'users-light', colorScheme: 'light', prepare: showUsers },
  { name: 'users-dark', colorScheme: 'dark', prepare: showUsers },
  { name: 'user-light', colorScheme: 'light', prepare: showUser },
  { name: 'user-dark', colorScheme: 'dark', prepare: showUser },
  { name: 'profile-light', colorScheme: 'light', prepare: showProfile },
  { name: 'profile-dark', colorScheme: 'dark', prepare: showProfile },
  { name: 'tokens-light', colorScheme: 'light', prepare: showTokens },
  { name: 'tokens-dark', colorScheme: 'dark', prepare: showTokens },
  { name: 'table-access-light', colorScheme: 'light', prepare: showTableAccess },
  { name: 'table-access-dark', colorScheme: 'dark', prepare: showTableAccess },
  { name: 'explained-access-light', colorScheme: 'light', prepare: showExplainedAccess },
  { name: 'explained-access-dark', colorScheme: 'dark', prepare: showExplainedAccess },
  { name: 'access-requests-light', colorScheme: 'light', prepare: showAccessRequests },
  { name: 'access-requests-dark', colorScheme: 'dark', prepare: showAccessRequests },
  { name: 'access-matrix-light', colorScheme: 'light', prepare: showAccessMatrix },
  { name: 'access-matrix-dark', colorScheme: 'dark', prepare: showAccessMatrix },
  { name: 'audit-light', colorScheme: 'light', prepare: showAudit },
  { name: 'audit-dark', colorScheme: 'dark', prepare: showAudit },
  { name: 'instance-light', colorScheme: 'light', prepare: showInstance },
  { name: 'instance-dark', colorScheme: 'dark', prepare: showInstance },
  { name: 'sql-light', colorScheme: 'light', prepare: showSql },
  { name: 'sql-dark', colorScheme: 'dark', prepare: showSql },
  { name: 'metrics-light', colorScheme: 'light', prepare: showMetrics },
  { name: 'metrics-dark', colorScheme: 'dark', prepare: showMetrics },
  { name: 'metric-light', colorScheme: 'light', prepare: showMetric },
  { name: 'metric-dark', colorScheme: 'dark', prepare: showMetric },
  { name: 'graphiql', colorScheme: 'light', prepare: showGraphiql },
];

/** Those for which there is a source of which one table has failed. */
const picturesOfRuns: readonly Picture[] = [
  { name: 'sources-light', colorScheme: 'light', prepare: showSources },
  { name: 'sources-dark', colorScheme: 'dark', prepare: showSources },
  { name: 'source-tables-light', colorScheme: 'light', prepare: showSourceTables },
  { name: 'source-tables-dark', colorScheme: 'dark', prepare: showSourceTables },
  { name: 'discover-light', colorScheme: 'light', prepare: showDiscover },
  { name: 'discover-dark', colorScheme: 'dark', prepare: showDiscover },
  { name: 'sync-runs-light', colorScheme: 'light', prepare: showSyncRuns },
  { name: 'sync-runs-dark', colorScheme: 'dark', prepare: showSyncRuns },
  { name: 'sync-run-light', colorScheme: 'light', prepare: showSyncRun },
  { name: 'sync-run-dark', colorScheme: 'dark', prepare: showSyncRun },
  { name: 'timeline-light', colorScheme: 'light', prepare: showTimeline },
  { name: 'timeline-dark', colorScheme: 'dark', prepare: showTimeline },
];

async function showHome(page: Page, url: string): Promise<void> {
  const home = homePage(page);
  await home.open(url);
  await home.changed.first().waitFor();
  await home.heading('On your laptop').waitFor();
  await page.getByRole('list', { name: 'Requests that wait' }).waitFor();
}

async function showPalette(page: Page, url: string): Promise<void> {
  await showHome(page, url);
  const palette = commandPalette(page);
  await palette.open();
  await palette.field.fill('order');
  await palette.option('company.orders').waitFor();
}

async function showTable(page: Page, url: string): Promise<void> {
  const table = tablePage(page);
  await table.open(url, 'company.orders');
  await table.sample.waitFor();
  await table.chart.waitFor();
}

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

async function showUsers(page: Page, url: string): Promise<void> {
  const users = usersPage(page);
  await users.open(url);
  await users.users.first().waitFor();
}

async function showUser(page: Page, url: string): Promise<void> {
  const users = usersPage(page);
  await users.open(url, '?q=grace');
  await users.user('grace@example.com').getByRole('link').click();
  await users.section('Roles and groups').click();
  await users.row('effective-role', 'core.viewer').waitFor();
}

async function showProfile(page: Page, url: string): Promise<void> {
  const profile = profilePage(page);
  await profile.open(url, 'roles');
  await profile.row('effective-role', 'core.viewer').waitFor();
}

async function showTokens(page: Page, url: string): Promise<void> {
  const profile = profilePage(page);
  await profile.open(url, 'tokens');
  await profile.rows('Tokens').first().waitFor();
}

async function showTableAccess(page: Page, url: string): Promise<void> {
  const access = accessPage(page);
  await access.open(url, '?table=company.orders');
  await access.readers.first().waitFor();
}

async function showExplainedAccess(page: Page, url: string): Promise<void> {
  const access = accessPage(page);
  await access.open(url, '?table=company.orders');
  await access.reader('grace@example.com').getByRole('link').click();
  await access.reasons.first().waitFor();
}

async function showAccessRequests(page: Page, url: string): Promise<void> {
  const requests = requestsPage(page);
  await requests.open(url);
  await requests.requests.first().waitFor();
}

async function showAccessMatrix(page: Page, url: string): Promise<void> {
  const matrix = matrixPage(page);
  await matrix.open(url);
  await matrix.rules.first().waitFor();
}

async function showAudit(page: Page, url: string): Promise<void> {
  const audit = auditPage(page);
  await audit.open(url);
  await audit.event('tableGrant.created').getByRole('button').click();
  await audit.details.waitFor();
}

async function showInstance(page: Page, url: string): Promise<void> {
  const instance = instancePage(page);
  await instance.open(url);
  await instance.figure('State database').waitFor();
  await instance.keys.first().waitFor();
}

const revenueByChannel = `SELECT date_trunc('month', order_date)::DATE AS month, channel, sum(total_amount) AS revenue
FROM company.orders
WHERE status = 'completed' -- neither cancelled nor returned
GROUP BY ALL
ORDER BY month, channel`;

async function showSql(page: Page, url: string): Promise<void> {
  const sql = sqlPage(page);
  await sql.open(url, { statement: revenueByChannel });
  await sql.run.click();
  await sql.drawChart.click();
  await sql.drawn.first().waitFor();
  await sql.chart.scrollIntoViewIfNeeded();
}

async function showMetrics(page: Page, url: string): Promise<void> {
  const metrics = metricsPage(page);
  await metrics.open(url);
  await metrics.metrics.first().waitFor();
}

async function showMetric(page: Page, url: string): Promise<void> {
  const metrics = metricsPage(page);
  await metrics.openMetric(url, 'revenue/mrr', '?variant=by_plan');
  await metrics.run.click();
  await metrics.drawn.first().waitFor();
  await metrics.chart.scrollIntoViewIfNeeded();
}

async function showSources(page: Page, url: string): Promise<void> {
  const sources = sourcesPage(page);
  await sources.open(url);
  await sources.source('shop').waitFor();
}

async function showSourceTables(page: Page, url: string): Promise<void> {
  const sources = sourcesPage(page);
  await sources.openSource(url, 'shop', 'tables');
  await sources.table('shop.orders').waitFor();
}

async function showDiscover(page: Page, url: string): Promise<void> {
  const sources = sourcesPage(page);
  await sources.openSource(url, 'shop', 'discover');
  await page.getByRole('checkbox').first().check();
}

async function showSyncRuns(page: Page, url: string): Promise<void> {
  const runs = syncRunsPage(page);
  await runs.open(url);
  await runs.runs.first().waitFor();
}

async function showSyncRun(page: Page, url: string): Promise<void> {
  await showSyncRuns(page, url);
  await page.locator('tr[data-state=PARTIAL]').getByRole('link').first().click();
  await syncRunsPage(page).table('shop.orders').waitFor();
}

async function showTimeline(page: Page, url: string): Promise<void> {
  const runs = syncRunsPage(page);
  await runs.open(url, '?view=timeline');
  await runs.chart.waitFor();
}

async function showGraphiql(page: Page, url: string): Promise<void> {
  const graphiql = graphiqlPage(page);
  await graphiql.open(url);
  await graphiql.execute.click();
  await graphiql.answer.getByText('rows').first().waitFor();
}

/** What the demo has none of: own roles, groups that are mapped, tokens, and people. */
const moreAccess = `mutation {
  reader: createRole(input: { key: "sales.reader", displayName: "Sales reader", description: "Reads the tables of sales." }) { __typename }
  lead: createRole(input: {
    key: "sales.lead", displayName: "Sales lead", implies: ["sales.reader", "core.analyst"]
    description: "Plans the quarter: reads the tables of sales, and asks statements of its own."
  }) { __typename }
  desk: createRole(input: { key: "support.desk", displayName: "Support desk", implies: ["core.viewer"] }) { __typename }
  sales: createGroupMapping(input: { externalGroupId: "sales@example.com", roleKey: "sales.lead" }) { __typename }
  support: createGroupMapping(input: { externalGroupId: "support@example.com", roleKey: "support.desk" }) { __typename }
  laptop: createToken(input: { name: "laptop", expiresInDays: 90 }) { __typename }
  report: createToken(input: { name: "weekly report", expiresInDays: null, readOnly: true, roleKeys: ["core.viewer"] }) { __typename }
  ada: createUser(input: { email: "ada@example.com", name: "Ada Lovelace" }) { ...Made }
  grace: createUser(input: { email: "grace@example.com", name: "Grace Hopper" }) { ...Made }
  mary: createUser(input: { email: "mary@example.com", name: "Mary Somerville" }) { ...Made }
  emmy: createUser(input: { email: "emmy@example.com" }) { ...Made }
}
fragment Made on CreateUserPayload { user { id } }`;

const moreRoles = `mutation ($ada: ID!, $grace: ID!, $mary: ID!, $emmy: ID!) {
  ada: setCoreRole(input: { userId: $ada, roleKey: "core.km_admin" }) { __typename }
  grace: setCoreRole(input: { userId: $grace, roleKey: "core.analyst" }) { __typename }
  lead: grantRole(input: { userId: $grace, roleKey: "sales.lead", expiresAt: "2099-01-31T00:00:00Z" }) { __typename }
  desk: grantRole(input: { userId: $mary, roleKey: "support.desk" }) { __typename }
  emmy: setCoreRole(input: { userId: $emmy, roleKey: "core.viewer" }) { __typename }
  invited: inviteUser(input: { userId: $emmy }) { ... on InviteUserPayload { invitation { link } } }
  out: deactivateUser(input: { id: $mary }) { __typename }
}`;

const moreTableGrants = `mutation ($grace: ID!, $orders: ID!) {
  all: grantTableAccess(input: { source: "company", roleKey: "core.km_admin" }) { __typename }
  lead: grantTableAccess(input: { tableId: $orders, roleKey: "sales.lead" }) { __typename }
  grace: grantTableAccess(input: { tableId: $orders, userId: $grace, expiresAt: "2099-03-31T00:00:00Z" }) { __typename }
  desk: grantTableAccess(input: { tableId: $orders, roleKey: "support.desk", effect: DENY }) { __typename }
}`;

/** A source of which one file has a bad line, and schedules. */
const moreTables = `mutation ($folder: String!) {
  source: createSource(input: { name: "shop", connector: "files", config: { folder: $folder } }) { __typename }
  tables: registerTables(input: { source: "shop", tables: [
    { name: "orders", schedule: "every 2h", description: "What was bought.", options: { path: "orders.csv" } }
    { name: "customers", schedule: "every 2h", description: "Who buys.", options: { path: "customers.csv" } }
    { name: "returns", schedule: "daily 07:00,19:30", isPublic: true, options: { path: "returns.csv" } }
    { name: "stock", options: { path: "stock.csv" } }
  ] }) { __typename }
}`;

async function addRuns({ url, files }: { url: string; files: string }): Promise<void> {
  const folder = join(files, 'shop');
  mkdirSync(folder);
  const names = ['customers', 'returns', 'stock', 'invoices', 'payments', 'suppliers', 'visits'];
  for (const name of names) writeFileSync(join(folder, `${name}.csv`), 'id,name\n1,one\n2,two\n');
  writeFileSync(join(folder, 'orders.csv'), 'id,total\n1,10.50\n2,20.00,surplus\n3,7.25\n');
  await change(url, moreTables, { folder });
  // What has a schedule is due at once.
  const finished = '{ syncRuns(source: "shop", state: PARTIAL) { edges { node { id } } } }';
  while (!JSON.stringify(await change(url, finished)).includes('SyncRun:')) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function addAccess(url: string): Promise<void> {
  const made = await change(url, moreAccess);
  const ids = ['ada', 'grace', 'mary', 'emmy'].map((name) => [name, made[name]?.user?.id]);
  const given = await change(url, moreRoles, Object.fromEntries(ids));
  const tables = await change(
    url,
    '{ orders: table(sqlName: "company.orders") { id } people: table(sqlName: "company.customers") { id } }',
  );
  await change(url, moreTableGrants, { grace: made['grace']?.user?.id, orders: tables['orders']?.id });
  const link = given['invited']?.invitation?.link ?? '';
  await askForTable(url, { link, tableId: tables['people']?.id ?? '' });
}

/** Somebody takes up an invitation and asks to read a table. */
async function askForTable(url: string, { link, tableId }: { link: string; tableId: string }): Promise<void> {
  const input = { secret: link.split('#')[1], password: 'a password for the pictures' };
  const accept = 'mutation ($input: AcceptInviteInput!) { acceptInvite(input: $input) { __typename } }';
  const answer = await post(url, { query: accept, variables: { input } });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const query = 'mutation ($input: RequestTableAccessInput!) { requestTableAccess(input: $input) { __typename } }';
  const reason = 'The campaign in February: I write to the customers who bought twice, and need their towns.';
  const asked = await post(url, { query, variables: { input: { tableId, reason } } }, { cookie, origin: url });
  const text = await asked.text();
  if (!text.includes('RequestTableAccessPayload')) throw new Error(text);
}

type Made = Record<string, { id?: string; user?: { id: string }; invitation?: { link: string } }>;

async function change(url: string, query: string, variables: Record<string, unknown> = {}): Promise<Made> {
  const text = await (await post(url, { query, variables })).text();
  if (/errors|Error/.test(text)) throw new Error(text);
  return (JSON.parse(text) as { data: Made }).data;
}

function post(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
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
    files: join(dataDir, 'sample-company'),
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
  await addRuns(demo);
  for (const picture of picturesOfRuns) await takePicture(browser, demo.url, picture);
} finally {
  await browser.close();
  await demo.end();
}
