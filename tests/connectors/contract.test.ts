import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Connector, ConnectorContext } from '../../connectors/contract.ts';
import { connectors } from '../../connectors/index.generated.ts';
import { openExtraction, type ExtractedTable } from '../../src/engine/extraction.ts';
import { configKeys } from '../../src/kernel/config.ts';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { Connectors } from '../../src/registry/connectors.ts';
import { sqlIdentifier } from '../../src/registry/source.ts';
import { withForeignConnectors } from '../../src/server/foreign-connectors.ts';
import { foreignFixture, foreignKind, writeForeignConnector } from '../kit/foreign-connector.ts';
import type { ConnectorFixture, PreparedSource } from '../kit/connector-fixture.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { sinkOver } from '../kit/table-sink.ts';

const folders = readdirSync(join(packageRoot, 'connectors'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const foreignFolder = mkdtempSync(join(tmpdir(), 'agnes-connectors-'));
writeForeignConnector(foreignFolder, foreignKind);
afterAll(() => rmSync(foreignFolder, { recursive: true, force: true }));

/** Those that ship, and one from elsewhere. */
const allConnectors = await withForeignConnectors(connectors, foreignFolder);

async function prepare(connector: Connector): Promise<PreparedSource> {
  if (connector.kind === foreignKind) return foreignFixture.prepare(scratchFolder());
  const module = (await import(`../../connectors/${connector.kind}/connector.fixture.ts`)) as {
    fixture: ConnectorFixture;
  };
  return module.fixture.prepare(scratchFolder());
}

function contextOf(connector: Connector, source: PreparedSource, signal?: AbortSignal): ConnectorContext<unknown> {
  const environment: Record<string, string | undefined> = { ...source.environment, DATABASE_URL: 'undeclared' };
  const config = connector.sourceConfig.parse(source.config) as Record<string, unknown>;
  const handed = new Connectors(allConnectors, (name) => {
    if (!connector.environment.includes(name) && !name.startsWith(connector.environmentPrefix ?? '\0'))
      throw new Error(`${name} is not declared`);
    return environment[name];
  });
  const context = handed.contextOf({ connector: connector.kind, config }, signal ?? new AbortController().signal);
  return { ...context, folder: scratchFolder() };
}

interface Run {
  connector: Connector;
  source: PreparedSource;
  options: Record<string, unknown>;
  extractsDir: string;
}

async function extract({ connector, source, options, extractsDir }: Run): Promise<ExtractedTable> {
  const extraction = await openExtraction({ extractsDir, source: 'tested' });
  try {
    const table = extraction.table('orders');
    const registered = { id: 'table-1', name: 'orders', options: connector.tableOptions.parse(options) };
    const context = { ...contextOf(connector, source), folder: join(extractsDir, 'tested/raw') };
    await connector.gather?.(context, { events: [], tasks: null, fullRefresh: false });
    const { cursor: _cursor, ...joining } = (await connector.extract(context, registered, table.sink)) ?? {};
    return await table.finish(joining);
  } finally {
    await extraction.close();
  }
}

test('every folder of connectors is listed, once', () => {
  expect(connectors.map(({ kind }) => kind)).toEqual(folders.toSorted());
});

describe.each(allConnectors.map((connector) => ({ kind: connector.kind, connector })))(
  'connector $kind',
  ({ connector }) => {
    test('says what it is', () => {
      expect(connector.kind).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
      expect(connector.displayName).toMatch(/^\S.{1,40}$/);
      expect(connector.description).toMatch(/^[A-Z].*\.$/);
      for (const name of connector.environment) expect(name).toMatch(/^[A-Z][A-Z0-9_]*$/);
      for (const name of connector.environment) expect(Object.keys(configKeys)).not.toContain(name);
      expect(connector.environmentPrefix ?? 'NONE_').toMatch(/^[A-Z][A-Z0-9]*_$/);
      if (connector.kind === foreignKind) return;
      const readme = readFileSync(join(packageRoot, 'connectors', connector.kind, 'README.md'), 'utf8');
      for (const name of connector.environment) expect(readme).toContain(`\`${name}\``);
    });

    test('refuses keys that it does not know, in a source and in a table', async () => {
      const { config, table } = await prepare(connector);
      expect(connector.sourceConfig.safeParse(config).success).toBe(true);
      expect(connector.tableOptions.safeParse(table).success).toBe(true);
      expect(connector.sourceConfig.safeParse({ ...config, surprise: 1 }).success).toBe(false);
      expect(connector.tableOptions.safeParse({ ...table, surprise: 1 }).success).toBe(false);
    });

    test('stores options that pass again unchanged', async () => {
      const { config, table } = await prepare(connector);
      const [source, options] = [connector.sourceConfig.parse(config), connector.tableOptions.parse(table)];
      expect(connector.sourceConfig.parse(JSON.parse(JSON.stringify(source)))).toEqual(source);
      expect(connector.tableOptions.parse(JSON.parse(JSON.stringify(options)))).toEqual(options);
    });

    test('reaches its system and offers tables that can be registered and extracted as they are', async () => {
      const source = await prepare(connector);
      await connector.check(contextOf(connector, source));
      const found = await connector.discover(contextOf(connector, source));
      expect(found.length).toBeGreaterThan(0);
      expect(new Set(found.map(({ name }) => name)).size).toBe(found.length);
      for (const { name, options } of found) {
        expect(sqlIdentifier.safeParse(name)).toMatchObject({ success: true, data: name });
        const table = await extract({ connector, source, options, extractsDir: scratchFolder() });
        expect(table.columns.length).toBeGreaterThan(0);
      }
      expect(await connector.discover(contextOf(connector, source))).toEqual(found);
    });

    test('extracts the same rows to the same file', async () => {
      const source = await prepare(connector);
      const run = { connector, source, options: source.table, extractsDir: scratchFolder() };
      const [first, second] = [await extract(run), await extract(run)];
      expect(first.rows).toBeGreaterThan(0);
      expect(second.files).toEqual(first.files);
    });

    test('is handed only what it declares of the environment', async () => {
      const context = contextOf(connector, await prepare(connector));
      expect(context.readEnv('DATABASE_URL')).toBeUndefined();
      expect(context.readEnv('PATH')).toBeUndefined();
    });

    test('without its environment says in one sentence which variable to set, and tells no value of others', async () => {
      if (connector.environment.length === 0) return;
      const prepared = await prepare(connector);
      const error = await connector.check(contextOf(connector, { ...prepared, environment: {} })).then(
        () => expect.unreachable('it reached its system without a variable it declares'),
        (failure: Error) => failure,
      );
      expect(error.message).toMatch(/^.{10,}[.]$/);
      const declared = [...connector.environment, connector.environmentPrefix ?? []].flat();
      expect(declared.some((name) => error.message.includes(name))).toBe(true);
    });

    test('fails in one sentence without harm to what is published', async () => {
      const source = await prepare(connector);
      const run = { connector, source, options: source.table, extractsDir: scratchFolder() };
      const before = await extract(run);
      await source.breakTable();
      const options = source.brokenTable ?? source.table;
      const { message } = await extract({ ...run, options }).then(
        () => expect.unreachable('a broken table was extracted'),
        (error: Error) => error,
      );
      expect(message).toMatch(/^.{10,}[.]$/);
      const unspoken = [run.extractsDir, tmpdir(), packageRoot, ...Object.values(source.environment)];
      for (const text of unspoken) expect(message).not.toContain(text);
      expect(before.files.every(({ path }) => existsSync(path))).toBe(true);
      expect(readdirSync(join(run.extractsDir, 'tested/data/orders'))).toHaveLength(before.files.length);
    });

    test('passes on what the sink throws', async () => {
      const source = await prepare(connector);
      const full = new Error('the disk is full');
      const sink = sinkOver({
        csv: () => Promise.reject(full),
        json: () => Promise.reject(full),
        parquet: () => Promise.reject(full),
        scratchFolder: () => Promise.reject(full),
      });
      const table = { id: 'table-1', name: 'orders', options: connector.tableOptions.parse(source.table) };
      await expect(connector.extract(contextOf(connector, source), table, sink)).rejects.toBe(full);
    });

    test('stops when it is aborted', async () => {
      const source = await prepare(connector);
      const reason = new Error('cancelled');
      const context = contextOf(connector, source, AbortSignal.abort(reason));
      const sink = sinkOver({
        csv: () => Promise.resolve(),
        json: () => Promise.resolve(),
        parquet: () => Promise.resolve(),
        scratchFolder: () => Promise.resolve(''),
      });
      const table = { id: 'table-1', name: 'orders', options: connector.tableOptions.parse(source.table) };
      await expect(connector.check(context)).rejects.toBe(reason);
      await expect(connector.discover(context)).rejects.toBe(reason);
      await expect(connector.extract(context, table, sink)).rejects.toBe(reason);
    });
  },
);
