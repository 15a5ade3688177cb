import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connector, ConnectorContext, TableSink } from '../../connectors/contract.ts';
import { connectors } from '../../connectors/index.generated.ts';
import { openExtraction, type ExtractedTable } from '../../src/engine/extraction.ts';
import { configKeys } from '../../src/kernel/config.ts';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { Connectors } from '../../src/registry/connectors.ts';
import { sqlIdentifier } from '../../src/registry/source.ts';
import { withForeignConnectors } from '../../src/server/foreign-connectors.ts';
import { foreignFixture, foreignKind, writeForeignConnector } from '../kit/foreign-connector.ts';
import type { ConnectorFixture, Meaningless, PreparedSource } from '../kit/connector-fixture.ts';
import { readRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { shortPause } from '../kit/short-pause.ts';
import { sinkOver } from '../kit/table-sink.ts';

const folders = readdirSync(join(packageRoot, 'connectors'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const foreignFolder = mkdtempSync(join(tmpdir(), 'agnes-connectors-'));
writeForeignConnector(foreignFolder, foreignKind);
afterAll(() => rmSync(foreignFolder, { recursive: true, force: true }));

/** Those that ship, and one from elsewhere. */
const allConnectors = await withForeignConnectors(connectors, foreignFolder);

async function prepare(connector: Connector, folder: string): Promise<PreparedSource> {
  if (connector.kind === foreignKind) return foreignFixture.prepare(folder);
  const module = (await import(`../../connectors/${connector.kind}/connector.fixture.ts`)) as {
    fixture: ConnectorFixture;
  };
  return module.fixture.prepare(folder);
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
  // How long the pauses are is for the tests of each connector.
  return { ...context, folder: scratchFolder(), pause: shortPause };
}

interface Run {
  connector: Connector;
  source: PreparedSource;
  options: Record<string, unknown>;
  extractsDir: string;
  config?: Record<string, unknown>;
  signal?: AbortSignal;
  /** Called once while rows are on their way. */
  inTheMiddle?: () => void;
}

async function extract(run: Run): Promise<ExtractedTable> {
  const { connector, options, extractsDir, signal } = run;
  const source = { ...run.source, ...(run.config && { config: run.config }) };
  const extraction = await openExtraction({ extractsDir, source: 'tested', ...(signal && { signal }) });
  try {
    const table = extraction.table('orders');
    const registered = { id: 'table-1', name: 'orders', options: connector.tableOptions.parse(options) };
    const context = { ...contextOf(connector, source, signal), folder: join(extractsDir, 'tested/raw') };
    const sink = interrupted(run, table.sink);
    await connector.gather?.(context, { events: [], tasks: null, fullRefresh: false, published: [] });
    const { cursor: _cursor, ...joining } = (await connector.extract(context, registered, sink)) ?? {};
    return await table.finish(joining);
  } finally {
    await extraction.close();
  }
}

/** `sink`, which tells when the first rows come where the source itself cannot tell. */
function interrupted({ source, inTheMiddle }: Run, sink: TableSink): TableSink {
  if (!inTheMiddle) return sink;
  if (source.inTheMiddle) {
    source.inTheMiddle(inTheMiddle);
    return sink;
  }
  const once = { act: inTheMiddle };
  const act = () => {
    once.act();
    once.act = () => {};
  };
  return {
    ...sink,
    csv: (files, format) => (act(), sink.csv(files, format)),
    json: (files, format) => (act(), sink.json(files, format)),
    parquet: (files) => (act(), sink.parquet(files)),
  };
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => expect.unreachable('it went well'),
    (error: Error) => error,
  );
}

/** What lies below the folder of extracts besides what the connector keeps for itself. */
function filesBelow(extractsDir: string): string[] {
  return readdirSync(join(extractsDir, 'tested'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(extractsDir.length))
    .filter((path) => !path.startsWith('/tested/raw/'))
    .toSorted();
}

/** Its rows without the columns in which a connector notes when it read them. */
function rowsOf({ files }: ExtractedTable): Promise<Record<string, unknown>[]> {
  const list = files.map(({ path }) => `'${path}'`).join(', ');
  return readRows(`SELECT COLUMNS(lambda name: name[1] <> '_') FROM read_parquet([${list}]) ORDER BY ALL`);
}

function typesOf({ columns }: ExtractedTable): Record<string, string> {
  return Object.fromEntries(columns.map(({ name, type }) => [name, type]));
}

function skipMeaningless<Case>(given: Case | Meaningless, skip: (because: string) => never): Case {
  const isMeaningless = typeof given === 'object' && given !== null && 'because' in given && given.case === null;
  return isMeaningless ? skip(given.because) : (given as Case);
}

test('every folder of connectors is listed, once', () => {
  expect(connectors.map(({ kind }) => kind)).toEqual(folders.toSorted());
});

describe.each(allConnectors.map((connector) => ({ kind: connector.kind, connector })))(
  'connector $kind',
  ({ connector }) => {
    // All tests of a connector share its system, and what was extracted from that unharmed; those that change the system come last.
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'agnes-contract-')));
    const extracted = new Map<string, Promise<{ table: ExtractedTable; run: Run }>>();
    let source: PreparedSource;
    beforeAll(async () => {
      mkdirSync(join(folder, 'system'));
      source = await prepare(connector, join(folder, 'system'));
    });
    afterAll(async () => {
      await source.close?.();
      rmSync(folder, { recursive: true, force: true });
    });

    function extractOnce(options: Record<string, unknown>, config = source.config) {
      const key = JSON.stringify([connector.tableOptions.parse(options), connector.sourceConfig.parse(config)]);
      const known = extracted.get(key);
      if (known) return known;
      const run = { connector, source, options, config, extractsDir: join(folder, `extracts-${extracted.size}`) };
      const made = extract(run).then((table) => ({ table, run }));
      extracted.set(key, made);
      return made;
    }

    test('says what it is', () => {
      expect(connector.kind).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
      expect(connector.displayName).toMatch(/^\S.{1,40}$/);
      expect(connector.description).toMatch(/^[A-Z].*\.$/);
      for (const name of connector.environment) expect(name).toMatch(/^[A-Z][A-Z0-9_]*$/);
      for (const name of connector.environment) expect(Object.keys(configKeys)).not.toContain(name);
      expect(connector.environmentPrefix ?? 'NONE_').toMatch(/^[A-Z][A-Z0-9]*_$/);
      for (const name of connector.secrets ?? []) expect(connector.environment).toContain(name);
      if (connector.kind === foreignKind) return;
      const readme = readFileSync(join(packageRoot, 'connectors', connector.kind, 'README.md'), 'utf8');
      for (const name of connector.environment) expect(readme).toContain(`\`${name}\``);
    });

    test('refuses keys that it does not know, in a source and in a table', () => {
      const { config, table } = source;
      expect(connector.sourceConfig.safeParse(config).success).toBe(true);
      expect(connector.tableOptions.safeParse(table).success).toBe(true);
      expect(connector.sourceConfig.safeParse({ ...config, surprise: 1 }).success).toBe(false);
      expect(connector.tableOptions.safeParse({ ...table, surprise: 1 }).success).toBe(false);
    });

    test('stores options that pass again unchanged', () => {
      const [config, options] = [
        connector.sourceConfig.parse(source.config),
        connector.tableOptions.parse(source.table),
      ];
      expect(connector.sourceConfig.parse(JSON.parse(JSON.stringify(config)))).toEqual(config);
      expect(connector.tableOptions.parse(JSON.parse(JSON.stringify(options)))).toEqual(options);
    });

    test('reaches its system and offers tables that can be registered and extracted as they are', async () => {
      await connector.check(contextOf(connector, source));
      const found = await connector.discover(contextOf(connector, source));
      expect(found.length).toBeGreaterThan(0);
      expect(new Set(found.map(({ name }) => name)).size).toBe(found.length);
      for (const { name, options } of found) {
        expect(sqlIdentifier.safeParse(name)).toMatchObject({ success: true, data: name });
        expect((await extractOnce(options)).table.columns.length).toBeGreaterThan(0);
      }
      expect(await connector.discover(contextOf(connector, source))).toEqual(found);
    });

    test('extracts the same rows to the same file', async () => {
      const { table: first, run } = await extractOnce(source.table);
      const second = await extract(run);
      expect(first.rows).toBeGreaterThan(0);
      expect(second.files).toEqual(first.files);
    });

    test('is handed only what it declares of the environment', () => {
      const context = contextOf(connector, source);
      expect(context.readEnv('DATABASE_URL')).toBeUndefined();
      expect(context.readEnv('PATH')).toBeUndefined();
    });

    test('without its environment says in one sentence which variable to set, and tells no value of others', async () => {
      if (connector.environment.length === 0) return;
      const { message } = await failureOf(connector.check(contextOf(connector, { ...source, environment: {} })));
      expect(message).toMatch(/^.{10,}[.]$/);
      const declared = [...connector.environment, connector.environmentPrefix ?? []].flat();
      expect(declared.some((name) => message.includes(name))).toBe(true);
    });

    test('passes on what the sink throws', async () => {
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

    test('gives a table without rows its columns', async ({ skip }) => {
      const { table } = await extractOnce(skipMeaningless(source.emptyTable, skip));
      expect(table.rows).toBe(0);
      expect(table.columns.length).toBeGreaterThan(0);
    });

    test('keeps a value of every type', async ({ skip }) => {
      for (const { config, table: options, columns, rows } of skipMeaningless(source.everyType, skip)) {
        const { table } = await extractOnce(options, config);
        expect(typesOf(table)).toMatchObject(columns);
        const names = Object.keys(rows[0]!).map((name) => `"${name}"`);
        const files = table.files.map(({ path }) => `'${path}'`);
        const found = await readRows(
          `SELECT ${names.join(', ')} FROM read_parquet([${files.join(', ')}], union_by_name = true) ORDER BY 1`,
        );
        expect(found).toEqual(rows);
      }
    });

    test('with wrong credentials says so in a sentence that holds none of them', async ({ skip }) => {
      const environment = skipMeaningless(source.wrongEnvironment, skip);
      const wrong = { ...source, environment };
      const extractsDir = scratchFolder();
      const works = [
        () => connector.check(contextOf(connector, wrong)),
        () => extract({ connector, source: wrong, options: source.table, extractsDir }),
      ];
      for (const work of works) {
        const { message } = await failureOf(work());
        expect(message).toMatch(/^.{10,}[.]$/);
        expect(message).toMatch(/token|credential|key|account/i);
        for (const secret of Object.values(environment)) expect(message).not.toContain(secret);
      }
      expect(filesBelow(extractsDir)).toEqual([]);
    });

    test('that is cancelled in the middle of a run rejects with the reason and leaves nothing', async () => {
      const reason = new Error('cancelled');
      const abort = new AbortController();
      const run = { connector, source, options: source.table, extractsDir: scratchFolder() };
      const inTheMiddle = () => abort.abort(reason);
      expect(await failureOf(extract({ ...run, signal: abort.signal, inTheMiddle }))).toBe(reason);
      expect(filesBelow(run.extractsDir)).toEqual([]);
      expect((await extract(run)).rows).toBeGreaterThan(0);
    });

    test('whose system is lost in the middle of a run fails in a sentence, and the next run brings everything', async ({
      skip,
    }) => {
      const outage = skipMeaningless(source.outage, skip);
      const { table: expected } = await extractOnce(source.table);
      const run = { connector, source, options: source.table, extractsDir: scratchFolder() };
      const { message } = await failureOf(extract({ ...run, inTheMiddle: outage.begin }));
      expect(message).toMatch(/^.{10,}[.]$/);
      for (const text of [run.extractsDir, tmpdir(), ...Object.values(source.environment)]) {
        expect(message).not.toContain(text);
      }
      expect(filesBelow(run.extractsDir)).toEqual([]);
      outage.end();
      const resumed = await extract(run);
      expect(resumed.rows).toBe(expected.rows);
      expect(await rowsOf(resumed)).toEqual(await rowsOf(expected));
    });

    test('shows the columns that its table has now, when they were others in the last run', async ({ skip }) => {
      const { table, run } = await extractOnce(source.table);
      const before = typesOf(table);
      const { config, table: options = source.table, columns } = await skipMeaningless(source.changeColumns, skip)();
      const after = typesOf(await extract({ ...run, options, ...(config && { config }) }));
      expect(before).not.toEqual(after);
      for (const [name, type] of Object.entries(columns)) expect([name, after[name] ?? null]).toEqual([name, type]);
    });

    test('fails in one sentence without harm to what is published', async () => {
      const { run } = await extractOnce(source.table);
      const before = filesBelow(run.extractsDir);
      expect(before.length).toBeGreaterThan(0);
      await source.breakTable();
      const { message } = await failureOf(extract({ ...run, options: source.brokenTable ?? source.table }));
      expect(message).toMatch(/^.{10,}[.]$/);
      const unspoken = [run.extractsDir, tmpdir(), packageRoot, ...Object.values(source.environment)];
      for (const text of unspoken) expect(message).not.toContain(text);
      expect(filesBelow(run.extractsDir)).toEqual(before);
    });
  },
);
