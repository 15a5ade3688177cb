import { Kind, parse, print, validate } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { schema } from '../../schema/schema.ts';
import { graphiqlExamples } from '../../src/server/graphiql-examples.ts';
import { describeInBrowser } from '../kit/browser.ts';
import { ask } from '../kit/server.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { eventually, useWebApp } from './web-app.ts';
import { graphiqlPage } from './web-pages.ts';

const email = 'person-1@example.com';

describeInBrowser('development mode', () => {
  const app = useWebApp({ environment: { LOCAL_DEV_MODE: '1', LOCAL_DEV_USER_EMAIL: email } });

  beforeAll(async () => {
    await app.person('core.admin');
    await app.addSource('shop', { orders: { content: 'id,amount\n1,2.5\n2,3.5\n3,4.5\n' } });
    await app.sync('shop');
  });

  async function openGraphiql(query?: string) {
    const { page } = await app.openPage();
    const graphiql = graphiqlPage(page);
    // The editor draws only the lines that are in sight.
    await page.setViewportSize({ width: 1280, height: 2000 });
    await graphiql.open(app.server.url, query);
    await graphiql.execute.waitFor();
    return { page, graphiql };
  }

  test('GraphiQL runs its first query as the development user and shows the rows', async () => {
    const { graphiql } = await openGraphiql();
    await eventually(() => graphiql.editor.textContent()).toContain('viewer');
    await graphiql.execute.click();
    await eventually(async () => plain(await graphiql.answer.textContent())).toContain(
      '"sqlName": "shop.orders", "syncState": { "status": "OK", "rows": "3"',
    );
    expect(plain(await graphiql.answer.textContent())).toContain(`"email": "${email}"`);
  });

  test('GraphiQL has example operations in tabs, for administrators and to watch, and all of them work', async () => {
    const { page, graphiql } = await openGraphiql();
    await page.getByRole('tab', { name: 'WatchSyncs' }).waitFor();
    await page.getByRole('tab', { name: 'Users' }).click();
    await eventually(async () => plain(await graphiql.editor.textContent())).toContain('users(first: 10)');
    const operations = graphiqlExamples.flatMap((text) => parse(text).definitions);
    for (const operation of operations) {
      expect(validate(schema, { kind: Kind.DOCUMENT, definitions: [operation] })).toEqual([]);
      if (operation.kind !== Kind.OPERATION_DEFINITION || operation.operation !== 'query') continue;
      expect((await ask(app.server, { as: null, query: print(operation) })).errors).toBeUndefined();
    }
    expect(operations.length).toBeGreaterThan(5);
  });

  test('GraphiQL runs statements', async () => {
    const { graphiql } = await openGraphiql(
      '{ sql(statement: "SELECT count(*) AS orders FROM shop.orders") { rows } }',
    );
    await graphiql.execute.click();
    await eventually(async () => plain(await graphiql.answer.textContent())).toContain('"rows": [ [ "3" ] ]');
  });

  test('GraphiQL hears the events of a subscription', async () => {
    const { page, graphiql } = await openGraphiql('subscription { syncEvents { __typename source } }');
    const subscribed = page.waitForRequest((request) => request.postData()?.includes('syncEvents') ?? false);
    await graphiql.execute.click();
    await subscribed;
    await graphiql.stop.waitFor();
    const answer = async () => plain(await graphiql.answer.textContent());
    await eventually(async () => {
      await app.sync('shop');
      return answer();
    }).toContain('"source": "shop"');
    await eventually(answer).toContain('"__typename": "SyncFinished", "source": "shop"');
    await graphiql.stop.click();
    await graphiql.execute.waitFor();
  });

  test('the web app says that nobody is asked who they are', async () => {
    const { page, tables } = await app.openTables();
    await tables.row('shop.orders').whole.waitFor();
    await page.getByText(`Development sign-in: everybody who opens this page is ${email}.`).waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
  });
});

/** Text of the editor, which writes blanks as no-break spaces and lines without line feeds. */
function plain(text: string | null): string {
  return (text ?? '').replaceAll(/\s+/g, ' ');
}
