import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { meaningless, type ConnectorFixture } from './connector-fixture.ts';
import { packageRoot } from '../../src/kernel/package-root.ts';

/**
 * A connector as somebody else ships it, in plain JavaScript. A source is a word for the greeting; a table is a list of texts of
 * CSV, each of which becomes one Parquet file.
 */
export const foreignSource = `
import { z } from 'zod';

export const connector = {
  kind: 'letters',
  displayName: 'Letters',
  description: 'Texts that stand in the options.',
  environment: ['LETTERS_TOKEN'],
  sourceConfig: z.strictObject({ word: z.string() }),
  tableOptions: z.strictObject({ parts: z.array(z.string()) }),
  async check({ readEnv, signal }) {
    signal.throwIfAborted();
    if (readEnv('LETTERS_TOKEN') === undefined) throw new Error('LETTERS_TOKEN is not set; set it to your token.');
  },
  async discover({ signal }) {
    signal.throwIfAborted();
    return [{ name: 'hello', options: { parts: ['id\\n1\\n'] } }];
  },
  async extract({ config, readEnv, signal }, table, sink) {
    signal.throwIfAborted();
    const { writeFile } = await import('node:fs/promises');
    const folder = await sink.scratchFolder();
    for (const [index, part] of table.options.parts.entries()) {
      const path = folder + '/' + index + '.csv';
      const seen = ['LETTERS_TOKEN', 'FILES_ALLOWED_ROOTS', 'DATABASE_URL'].map((name) => readEnv(name) ?? '').join('/');
      await writeFile(path, part.replaceAll('WORD', config.word).replaceAll('SEEN', seen));
      await sink.csv({ path, name: 'part ' + (index + 1) }, {});
    }
  },
};
`;

export const foreignKind = 'letters';

/** What the contract suite needs to run over it. */
export const foreignFixture: ConnectorFixture = {
  prepare: () =>
    Promise.resolve({
      config: { word: 'hello' },
      environment: { LETTERS_TOKEN: 'a-secret' },
      table: { parts: ['id,text\n1,WORD\n', 'id\n2\n'] },
      brokenTable: { parts: ['id,text\n1\n'] },
      breakTable: () => Promise.resolve(),
      outage: meaningless('It reaches no system: its rows stand in the options.'),
      wrongEnvironment: meaningless('It shows its token to nobody who could refuse it.'),
      changeColumns: () =>
        Promise.resolve({
          table: { parts: ['id,more\nx,WORD\n'] },
          columns: { id: 'VARCHAR', more: 'VARCHAR', text: null },
        }),
      emptyTable: { parts: ['id,text\n'] },
      everyType: meaningless(
        'It hands on text, of which the sink detects the types; the fixture of files has them all.',
      ),
    }),
};

/** Writes `<folder>/<name>/connector.js`; `zod` can be imported, as from packages installed beside it. */
export function writeForeignConnector(folder: string, name: string, source = foreignSource): string {
  mkdirSync(join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  try {
    symlinkSync(join(packageRoot, 'node_modules/zod'), join(folder, 'node_modules/zod'));
  } catch {
    // It is there from an earlier call.
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const path = join(folder, name, 'connector.js');
  writeFileSync(path, source);
  return path;
}
