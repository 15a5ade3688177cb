import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { launchBrowser, type TestBrowser, type TestPage } from '../kit/browser.ts';
import { startStandIn, type StandInServer } from './stand-in/server.ts';
import { administratorRoles, World } from './stand-in/world.ts';
import { frame, tablesPage } from './web-pages.ts';

/** The first start on a machine unpacks the browser, which a busy one takes long for. */
const launchMilliseconds = 180_000;

/** A browser for all tests of the file; for each test a server with an empty world and somebody who may read tables. No page may leave the host. */
export function useWebApp() {
  let browser: TestBrowser;
  let world: World;
  let server: StandInServer;
  const pages: TestPage[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
  }, launchMilliseconds);
  afterAll(() => browser?.close());
  beforeEach(async () => {
    world = new World();
    server = await startStandIn(world);
  });
  afterEach(async () => {
    const used = pages.splice(0);
    await Promise.all(used.map(({ close }) => close()));
    await server.close();
    expect(used.flatMap(({ foreignRequests }) => foreignRequests)).toEqual([]);
  });

  async function openPage(colorScheme: 'light' | 'dark' = 'light') {
    const opened = await browser.newPage({ colorScheme });
    pages.push(opened);
    return { ...opened, tables: tablesPage(opened.page), frame: frame(opened.page) };
  }

  return {
    get world() {
      return world;
    },
    get server() {
      return server;
    },
    openPage,
    openTables: async (colorScheme?: 'light' | 'dark') => {
      const opened = await openPage(colorScheme);
      await opened.tables.open(server.url);
      return opened;
    },
    becomeAdministrator: () => {
      world.viewer = { email: 'grace@example.com', roles: administratorRoles };
    },
  };
}

/** Waits until what `read` gives is as expected; the wait is long because the machine may be busy. */
export function eventually<Value>(read: () => Value) {
  return expect.poll(read, { timeout: 15_000 });
}
