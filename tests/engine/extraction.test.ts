import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openExtraction, type ExtractedTable } from '../../src/engine/extraction.ts';
import type { BeforeStep, PublishStep } from '../../src/engine/publish.ts';
import { parquetRows, readRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';

interface Given {
  folder: string;
  content: string;
  beforeStep?: BeforeStep;
}

async function extractOrders({ folder, content, beforeStep }: Given): Promise<ExtractedTable> {
  const path = join(folder, 'orders.csv');
  writeFileSync(path, content);
  const extraction = await openExtraction({ extractsDir: join(folder, 'extracts'), source: 'shop', beforeStep });
  try {
    const table = extraction.table('orders');
    await table.sink.csv({ path, name: 'orders.csv' }, {});
    return await table.finish();
  } finally {
    await extraction.close();
  }
}

function published(folder: string): string[] {
  const data = join(folder, 'extracts/shop/data/orders');
  return existsSync(data) ? readdirSync(data).toSorted() : [];
}

/** Every file under a final name holds the content that its name promises. */
function expectWhole(folder: string): void {
  for (const name of published(folder)) {
    const bytes = readFileSync(join(folder, 'extracts/shop/data/orders', name));
    expect(`${createHash('sha256').update(bytes).digest('hex')}.parquet`).toBe(name);
  }
}

describe('publication', () => {
  test('a file is named by its content, read-only, and described as it is', async () => {
    const folder = scratchFolder();
    const table = await extractOrders({ folder, content: 'id,name\n1,x\n2,y\n' });
    const [file] = table.files;
    const bytes = readFileSync(file!.path);
    expect(file).toEqual({
      path: join(folder, `extracts/shop/data/orders/${file!.sha256}.parquet`),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sizeBytes: bytes.length,
      rows: 2,
    });
    expect(statSync(file!.path).mode & 0o777).toBe(0o444);
    expect(table).toMatchObject({ rows: 2, sizeBytes: bytes.length });
  });

  test('the same rows give the same file, which is not written again', async () => {
    const folder = scratchFolder();
    const content = 'id,name\n1,x\n2,y\n';
    const first = await extractOrders({ folder, content });
    const { ino } = statSync(first.files[0]!.path);
    utimesSync(first.files[0]!.path, new Date(0), new Date(0));
    const second = await extractOrders({ folder, content });
    expect(second).toEqual(first);
    expect(statSync(second.files[0]!.path)).toMatchObject({ ino });
    expect(statSync(second.files[0]!.path).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
  });

  test('a file of the right name and the wrong size is replaced', async () => {
    const folder = scratchFolder();
    const first = await extractOrders({ folder, content: 'id\n1\n' });
    appendFileSync(first.files[0]!.path, 'x');
    await extractOrders({ folder, content: 'id\n1\n' });
    expectWhole(folder);
  });

  test('a large table comes out the same twice, in the order of its rows', async () => {
    const rows = Array.from({ length: 130_000 }, (_, index) => `${index},${(index * 7919) % 1000},text ${index % 97}`);
    const content = ['id,amount,note', ...rows].join('\n');
    const first = await extractOrders({ folder: scratchFolder(), content });
    const second = await extractOrders({ folder: scratchFolder(), content });
    expect(second.files[0]!.sha256).toBe(first.files[0]!.sha256);
    const found = await readRows(
      `SELECT count(*) AS wrong FROM (SELECT row_number() OVER () - 1 AS n, id FROM '${first.files[0]!.path}') WHERE n <> id`,
    );
    expect(found).toEqual([{ wrong: '0' }]);
  });

  test('several files make one table; a column that one lacks is empty there', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'a.csv'), 'id\n1\n');
    writeFileSync(join(folder, 'b.csv'), 'id,note\n2,x\n');
    const extraction = await openExtraction({ extractsDir: join(folder, 'extracts'), source: 'shop' });
    const table = extraction.table('orders');
    await table.sink.csv({ path: join(folder, 'a.csv'), name: 'a.csv' }, {});
    await table.sink.csv({ path: join(folder, 'b.csv'), name: 'b.csv' }, {});
    expect(await table.finish()).toMatchObject({
      rows: 2,
      files: [{ rows: 1 }, { rows: 1 }],
      columns: [
        { name: 'id', type: 'BIGINT' },
        { name: 'note', type: 'VARCHAR' },
      ],
    });
    await extraction.close();
  });

  test('a folder named like a partition adds no column', async () => {
    const folder = join(scratchFolder(), 'year=2026');
    mkdirSync(folder);
    const table = await extractOrders({ folder, content: 'id\n1\n' });
    expect(table.columns).toEqual([{ name: 'id', type: 'BIGINT' }]);
  });

  test('a Parquet file is read and written anew', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'orders.parquet');
    await readRows(`COPY (SELECT 1 AS id, 'x' AS name, 1.50::DECIMAL(10, 2) AS price) TO '${path}' (FORMAT parquet)`);
    const extraction = await openExtraction({ extractsDir: join(folder, 'extracts'), source: 'shop' });
    const table = extraction.table('orders');
    await table.sink.parquet({ path, name: 'orders.parquet' });
    const { files, columns } = await table.finish();
    await extraction.close();
    expect(columns.map(({ type }) => type)).toEqual(['INTEGER', 'VARCHAR', 'DECIMAL(10,2)']);
    expect(await parquetRows(files[0]!.path)).toEqual([{ id: 1, name: 'x', price: '1.50' }]);
  });
});

describe('a table is whole or not there', () => {
  async function failing(content: string | Uint8Array, name: string) {
    const folder = scratchFolder();
    const before = await extractOrders({ folder, content: 'id\n1\n' });
    writeFileSync(join(folder, name), content);
    const extraction = await openExtraction({ extractsDir: join(folder, 'extracts'), source: 'shop' });
    const table = extraction.table('orders');
    const file = { path: join(folder, name), name };
    const failure = await (name.endsWith('.parquet') ? table.sink.parquet(file) : table.sink.csv(file, {})).catch(
      (error: unknown) => error,
    );
    const finish = await table.finish().catch((error: unknown) => error);
    await extraction.close();
    expect(published(folder)).toEqual([`${before.files[0]!.sha256}.parquet`]);
    expectWhole(folder);
    return { failure, finish };
  }

  test('after a bad row nothing can be published, and the last good file stays', async () => {
    const { failure, finish } = await failing('a,b\n1,2\n3\n', 'bad.csv');
    expect(failure).toMatchObject({ code: 'BAD_ROW', line: 3 });
    expect(finish).toMatchObject({ code: 'EXTRACTION_FAILED', message: 'The extraction failed; the log tells why.' });
  });

  test.each([
    ['text', Buffer.from('not parquet')],
    ['the start of one', Buffer.from('PAR1 and then the copy broke off')],
    ['nothing', Buffer.alloc(0)],
  ])('a Parquet file that is only %s is refused in one sentence', async (_, content) => {
    const { failure } = await failing(content, 'bad.parquet');
    expect(failure).toMatchObject({
      code: 'UNREADABLE_FILE',
      message: 'bad.parquet is not a readable Parquet file; write it again.',
    });
  });

  test('a Parquet file with damaged pages is refused', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'good.parquet');
    await readRows(`COPY (SELECT i, md5(i::VARCHAR) AS h FROM range(50000) r(i)) TO '${path}' (FORMAT parquet)`);
    const bytes = readFileSync(path);
    bytes.fill(0xff, 1000, 200_000);
    const { failure } = await failing(bytes, 'damaged.parquet');
    expect(failure).toMatchObject({ code: 'UNREADABLE_FILE' });
  });

  test('a file that vanished is named', async () => {
    const folder = scratchFolder();
    const extraction = await openExtraction({ extractsDir: folder, source: 'shop' });
    const gone = extraction.table('orders').sink.csv({ path: join(folder, 'gone.csv'), name: 'gone.csv' }, {});
    await expect(gone).rejects.toMatchObject({ message: 'gone.csv is not there any more.' });
    await extraction.close();
  });

  test('a file that grows while it is read is refused', async () => {
    const folder = scratchFolder();
    const beforeStep = (step: PublishStep) => {
      if (step === 'write file') appendFileSync(join(folder, 'orders.csv'), '2\n');
    };
    await expect(extractOrders({ folder, content: 'id\n1\n', beforeStep })).rejects.toMatchObject({
      code: 'FILE_CHANGED',
      message: 'orders.csv changed while it was read; run again when it is complete.',
    });
    expect(published(folder)).toEqual([]);
  });

  test('columns of which one type would change the other are not published either', async () => {
    const folder = scratchFolder();
    const extraction = await openExtraction({ extractsDir: join(folder, 'extracts'), source: 'shop' });
    const table = extraction.table('orders');
    for (const [name, content] of Object.entries({ 'a.csv': 'id\n9007199254740993\n', 'b.csv': 'id\n1.5\n' })) {
      writeFileSync(join(folder, name), content);
      await table.sink.csv(
        { path: join(folder, name), name },
        { types: { id: name === 'a.csv' ? 'BIGINT' : 'DOUBLE' } },
      );
    }
    await expect(table.finish()).rejects.toThrow('The column "id" is DOUBLE in b.csv, but BIGINT in a.csv;');
    await extraction.close();
  });

  test('a table without a file is refused', async () => {
    const extraction = await openExtraction({ extractsDir: scratchFolder(), source: 'shop' });
    await expect(extraction.table('orders').finish()).rejects.toMatchObject({ code: 'UNREADABLE_FILE' });
    await extraction.close();
  });

  test('files whose columns do not fit together are not published', async () => {
    const folder = scratchFolder();
    await readRows(`COPY (SELECT [1] AS id) TO '${join(folder, 'a.parquet')}' (FORMAT parquet)`);
    await readRows(`COPY (SELECT {'x': 1} AS id) TO '${join(folder, 'b.parquet')}' (FORMAT parquet)`);
    const extraction = await openExtraction({ extractsDir: join(folder, 'extracts'), source: 'shop' });
    const table = extraction.table('orders');
    for (const name of ['a.parquet', 'b.parquet']) await table.sink.parquet({ path: join(folder, name), name });
    await expect(table.finish()).rejects.toMatchObject({
      code: 'UNREADABLE_FILE',
      message: 'The column "id" is STRUCT(x INTEGER) in b.parquet, but INTEGER[] in a.parquet; write it with one type.',
    });
    expect(published(folder)).toEqual([]);
    await extraction.close();
  });

  test('an abandoned table leaves nothing', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'a.csv'), 'id\n1\n');
    const extraction = await openExtraction({ extractsDir: join(folder, 'extracts'), source: 'shop' });
    const table = extraction.table('orders');
    await table.sink.csv({ path: join(folder, 'a.csv'), name: 'a.csv' }, {});
    await table.abandon();
    await expect(table.finish()).rejects.toMatchObject({ code: 'EXTRACTION_FAILED' });
    await extraction.close();
    expect(readdirSync(join(folder, 'extracts/shop'), { recursive: true })).toEqual(['.staging']);
  });
});

const steps: PublishStep[] = [
  'write file',
  'check file',
  'hash file',
  'sync file',
  'make folder',
  'rename file',
  'sync folder',
];

describe('faults of the disk', () => {
  test.each(steps)('a full disk at "%s" is told in one sentence and harms nothing', async (failingStep) => {
    const folder = scratchFolder();
    const before = await extractOrders({ folder, content: 'id\n1\n' });
    const refused = extractOrders({
      folder,
      content: 'id\n2\n',
      beforeStep(step) {
        if (step === failingStep)
          throw Object.assign(new Error('ENOSPC: no space left on device, /secret'), { code: 'ENOSPC' });
      },
    });
    await expect(refused).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      message: expect.stringMatching(/^The disk is full; (?!.*secret)/),
      detail: expect.stringContaining('/secret'),
    });
    expect(published(folder)).toContain(`${before.files[0]!.sha256}.parquet`);
    expectWhole(folder);
    expect(readdirSync(join(folder, 'extracts/shop/.staging'))).toEqual([]);
  });

  test.each(steps)('a process that stops at "%s" leaves the old file whole and no half file', async (lastStep) => {
    const folder = scratchFolder();
    const before = await extractOrders({ folder, content: 'id\n1\n' });
    await new Promise<void>((stopped, failed) => {
      const stops: BeforeStep = (step) => (step === lastStep ? new Promise(() => stopped()) : undefined);
      extractOrders({ folder, content: 'id\n2\n', beforeStep: stops }).then(() => failed(new Error('went on')), failed);
    });
    expect(published(folder)).toContain(`${before.files[0]!.sha256}.parquet`);
    expect(published(folder)).toHaveLength(lastStep === 'sync folder' ? 2 : 1);
    expectWhole(folder);
  });

  test('an unforeseen error keeps its text for the log', async () => {
    const refused = extractOrders({
      folder: scratchFolder(),
      content: 'id\n1\n',
      beforeStep: () => Promise.reject(new Error('secret')),
    });
    await expect(refused).rejects.toMatchObject({
      message: 'The extraction failed; the log tells why.',
      detail: expect.stringContaining('secret'),
    });
  });

  test('too little memory is told', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'orders.csv');
    writeFileSync(path, `id\n${'1\n'.repeat(2_000_000)}`);
    const extraction = await openExtraction({
      extractsDir: join(folder, 'extracts'),
      source: 'shop',
      memoryLimitMb: 8,
    });
    const refused = extraction.table('orders').sink.csv({ path, name: 'orders.csv' }, {});
    await expect(refused).rejects.toMatchObject({ code: 'EXTRACTION_OUT_OF_MEMORY' });
    await extraction.close();
  });

  test('what crashed processes staged is removed when the source is opened again', async () => {
    const folder = scratchFolder();
    const staging = join(folder, 'shop/.staging');
    for (const name of [`${process.pid}-0`, '4194304999-0', 'other']) {
      mkdirSync(join(staging, name), { recursive: true });
      writeFileSync(join(staging, name, '1-1.parquet'), 'half');
    }
    mkdirSync(join(staging, `${process.ppid}-alive`));
    const extraction = await openExtraction({ extractsDir: folder, source: 'shop' });
    expect(readdirSync(staging)).toHaveLength(2);
    await extraction.close();
    expect(readdirSync(staging)).toEqual([`${process.ppid}-alive`]);
  });
});

describe('an extraction', () => {
  test('of a source that is being extracted is refused', async () => {
    const extractsDir = scratchFolder();
    const extraction = await openExtraction({ extractsDir, source: 'shop' });
    await expect(openExtraction({ extractsDir, source: 'shop' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await extraction.close();
    await (await openExtraction({ extractsDir, source: 'shop' })).close();
  });

  test.each(['..', '../shop', 'a/b', '', '1st', 'a'.repeat(65), 'größe', '.staging'])(
    'of a source or table called %j is refused',
    async (name) => {
      const extractsDir = scratchFolder();
      await expect(openExtraction({ extractsDir, source: name })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      const extraction = await openExtraction({ extractsDir, source: 'shop' });
      expect(() => extraction.table(name)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
      await extraction.close();
      expect(readdirSync(dirname(extractsDir))).toContain(extractsDir.split('/').at(-1));
    },
  );

  test('that is aborted stops what runs, tells the reason and publishes nothing', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'orders.csv');
    writeFileSync(
      path,
      `id,note\n${Array.from({ length: 1_000_000 }, (_, index) => `${index},note ${index}\n`).join('')}`,
    );
    const controller = new AbortController();
    const reason = new Error('cancelled by the administrator');
    const extractsDir = join(folder, 'extracts');
    const extraction = await openExtraction({ extractsDir, source: 'shop', signal: controller.signal });
    const table = extraction.table('orders');
    const read = table.sink.csv({ path, name: 'orders.csv' }, {});
    setTimeout(() => controller.abort(reason), 50);
    await expect(read).rejects.toBe(reason);
    await expect(table.finish()).rejects.toBe(reason);
    await extraction.close();
    expect(published(folder)).toEqual([]);
  });

  test('that is closed while a table is read waits for the reading to end and leaves nothing behind', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'orders.csv');
    writeFileSync(
      path,
      `id,note\n${Array.from({ length: 500_000 }, (_, index) => `${index},note ${index}\n`).join('')}`,
    );
    const extraction = await openExtraction({ extractsDir: join(folder, 'extracts'), source: 'shop' });
    const read = extraction.table('orders').sink.csv({ path, name: 'orders.csv' }, {});
    const refused = expect(read).rejects.toMatchObject({ code: expect.any(String) });
    await extraction.close();
    await refused;
    expect(readdirSync(join(folder, 'extracts/shop'), { recursive: true })).toEqual(['.staging']);
  });

  test('reads tables side by side', async () => {
    const folder = scratchFolder();
    const extraction = await openExtraction({ extractsDir: join(folder, 'extracts'), source: 'shop' });
    const tables = await Promise.all(
      ['a', 'b', 'c'].map(async (name, index) => {
        writeFileSync(join(folder, `${name}.csv`), `id\n${'1\n'.repeat(index + 1)}`);
        const table = extraction.table(name);
        await table.sink.csv({ path: join(folder, `${name}.csv`), name: `${name}.csv` }, {});
        return table.finish();
      }),
    );
    expect(tables.map(({ name, rows }) => [name, rows])).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    await extraction.close();
  });
});
