import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { silent } from '../../src/cli/laptop/progress.ts';
import { syncLaptop } from '../../src/cli/laptop/sync-laptop.ts';
import type { SyncReport } from '../../src/cli/laptop/sync-report.ts';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { readRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import type { TestPerson, TestServer } from '../kit/server.ts';
import { da } from './run-da.ts';

/** A workspace of a person who may read some tables. */
export interface Laptop {
  readonly person: TestPerson;
  readonly folder: string;
  readonly grantIds: readonly string[];
  run(...words: string[]): ReturnType<typeof da>;
  sync(...words: string[]): Promise<{ code: number | null; report: Record<string, unknown> }>;
  /** The same in this process, without the cost of another. */
  syncHere(): Promise<SyncReport>;
  rows(sql: string): Promise<Record<string, unknown>[]>;
  /** The folders of the content-named files below `data/`, with their hashes checked. */
  files(): string[];
  /** The text of a file of the workspace. */
  text(path: string): string;
}

/** Makes a person, grants the tables, and makes a folder a workspace of the server, at `url` when that is given. */
export async function makeLaptop(
  server: TestServer,
  given: { name: string; tableIds: readonly string[]; url?: string },
): Promise<Laptop> {
  const person = await server.person(given.name, ['core.viewer']);
  const grantIds: string[] = [];
  for (const tableId of given.tableIds) {
    grantIds.push((await server.run(grantTableAccess, { tableId, userId: person.id })).id);
  }
  const folder = scratchFolder();
  const url = given.url ?? server.url;
  const env = { DA_TOKEN: person.token };
  const run = (...words: string[]) => da(words, { cwd: folder, env });
  expect(await run('init', url)).toMatchObject({ code: 0, stdout: '' });
  return {
    person,
    folder,
    grantIds,
    run,
    async sync(...words) {
      const { code, stdout, stderr } = await run('sync', '--json', ...words);
      expect(stdout, stderr).not.toBe('');
      return { code, report: JSON.parse(stdout) as Record<string, unknown> };
    },
    syncHere() {
      const connection = { server: url, token: person.token, tokenFrom: 'DA_TOKEN' } as const;
      return syncLaptop(connection, { workspace: { folder, server: url }, progress: silent });
    },
    rows: (sql) => readRows(sql, join(folder, 'agnes.duckdb')),
    files() {
      const found = readdirSync(join(folder, 'data'), { recursive: true, encoding: 'utf8' });
      return found
        .filter((path) => path.endsWith('.parquet'))
        .map((path) => {
          const content = readFileSync(join(folder, 'data', path));
          expect(path).toContain(createHash('sha256').update(content).digest('hex'));
          return path.slice(0, path.lastIndexOf('/'));
        })
        .toSorted();
    },
    text: (path) => readFileSync(join(folder, path), 'utf8'),
  };
}
