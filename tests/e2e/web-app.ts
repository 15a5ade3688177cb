import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { createSource } from '../../src/registry/create-source.ts';
import { registerTable } from '../../src/registry/register-table.ts';
import type { Table } from '../../src/registry/table.ts';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { startSync } from '../../src/sync/start-sync.ts';
import { sharedBrowser, type TestBrowser, type TestPage } from '../kit/browser.ts';
import { startTestServer, type TestPerson, type TestServer, type TestServerOptions } from '../kit/server.ts';
import { frame, groupMappingsPage, rolesPage, tablesPage } from './web-pages.ts';

/** The first start on a machine unpacks the browser, which a busy one takes long for. */
const launchMilliseconds = 180_000;

interface Visit {
  /** Who is signed in; nobody unless given. */
  as?: TestPerson;
  colorScheme?: 'light' | 'dark';
}

/** A table of a source of files: its content, and what else `registerTable` takes. */
interface FileTable {
  content: string;
  description?: string;
  primaryKey?: string[];
  types?: Record<string, string>;
}

/**
 * One real server for all tests of the file, and a browser. After each test its pages are closed; none may have left the
 * host, and none may have written an error into the console that `expectConsoleErrors` did not announce.
 */
export function useWebApp(options: Pick<TestServerOptions, 'clock' | 'connectors' | 'environment'> = {}) {
  let browser: TestBrowser;
  let server: TestServer;
  let expected: RegExp | null = null;
  let people = 0;
  const pages: TestPage[] = [];

  beforeAll(async () => {
    [browser, server] = await Promise.all([sharedBrowser(), startTestServer(options)]);
  }, launchMilliseconds);
  afterAll(() => server?.close());
  afterEach(async () => {
    const used = pages.splice(0);
    const announced = expected;
    expected = null;
    await Promise.all(used.map(({ close }) => close()));
    const consoleErrors = used.flatMap((page) => page.consoleErrors).filter((error) => !announced?.test(error));
    const foreignRequests = used.flatMap((page) => page.foreignRequests);
    expect({ consoleErrors, foreignRequests }).toEqual({ consoleErrors: [], foreignRequests: [] });
  });

  async function openPage({ as, colorScheme }: Visit = {}) {
    const session = as && { value: as.session, url: server.url };
    const opened = await browser.newPage({ colorScheme, session });
    pages.push(opened);
    const { page } = opened;
    return {
      ...opened,
      tables: tablesPage(page),
      roles: rolesPage(page),
      mappings: groupMappingsPage(page),
      frame: frame(page),
    };
  }

  return {
    get server() {
      return server;
    },
    openPage,
    async openTables(visit?: Visit) {
      const opened = await openPage(visit);
      await opened.tables.open(server.url);
      return opened;
    },
    /** Somebody new with these roles. */
    person: (...roles: string[]) => server.person(`person-${(people += 1)}`, roles),
    /** For this test only: errors that the browser itself writes, as when the server is gone. */
    expectConsoleErrors(pattern: RegExp) {
      expected = pattern;
    },
    /** Connects a folder of files as a source and registers each as a private table, by name. */
    addSource: <Name extends string>(name: string, tables: Record<Name, FileTable>) =>
      addSource(server, { name, tables }),
    writeFile: (source: string, table: string, content: string) =>
      writeFileSync(join(server.files, source, `${table}.csv`), content),
    grant: (person: TestPerson, table: Table) => server.run(grantTableAccess, { tableId: table.id, userId: person.id }),
    /** Runs a sync of one source to its end. */
    async sync(source: string) {
      await server.run(startSync, { source });
      await server.open.syncRunner.idle();
    },
    stopServer: () => server.stop(),
    /** Starts the stopped server again, at the same address. */
    async startServerAgain() {
      const environment = { ...options.environment, PORT: new URL(server.url).port };
      server = await startTestServer({ ...options, dataDir: server.dataDir, environment });
    },
  };
}

async function addSource<Name extends string>(
  server: TestServer,
  given: { name: string; tables: Record<Name, FileTable> },
): Promise<Record<Name, Table>> {
  const folder = join(server.files, given.name);
  mkdirSync(folder, { recursive: true });
  await server.run(createSource, { name: given.name, connector: 'files', config: { folder } });
  const registered: [string, Table][] = [];
  for (const [name, { content, types, ...rest }] of Object.entries<FileTable>(given.tables)) {
    writeFileSync(join(folder, `${name}.csv`), content);
    const options = { path: `${name}.csv`, types };
    registered.push([name, await server.run(registerTable, { source: given.name, name, options, ...rest })]);
  }
  return Object.fromEntries(registered) as Record<Name, Table>;
}

/** Waits until what `read` gives is as expected; the wait is long because the machine may be busy. */
export function eventually<Value>(read: () => Value) {
  return expect.poll(read, { timeout: 15_000 });
}
