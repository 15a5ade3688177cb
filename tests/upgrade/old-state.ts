import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { connectors } from '../../connectors/index.generated.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { readForeignFile } from '../../src/store/duckdb/foreign-file.ts';
import type { Store } from '../../src/store/store.ts';
import { openUpgradedStore } from '../../src/upgrade/open-upgraded-store.ts';
import { recognise } from '../../src/upgrade/recognise.ts';
import { takeOver } from '../../src/upgrade/take-over.ts';
import type { UpgradeReport } from '../../src/upgrade/upgrade-report.ts';
import type { UpgradeSettings } from '../../src/upgrade/upgrade.ts';

/** The schema versions of which the predecessor itself wrote a sample. */
type Sample = 1 | 2 | 4 | 7 | 9;

/** From a sample to the versions between, by what each of them changed. */
const between: Record<number, { from: Sample; script: string }> = {
  3: {
    from: 2,
    script: `alter table table_registry add column is_public boolean default true;
      create table access_requests (id varchar primary key, user_id varchar not null, user_email varchar not null, table_id varchar not null,
        reason text, status varchar default 'pending', reviewed_by varchar, reviewed_at timestamp, created_at timestamp default current_timestamp);`,
  },
  5: {
    from: 4,
    script: `alter table users add column active boolean default true; update users set active = true;
      alter table users add column deactivated_at timestamp; alter table users add column deactivated_by varchar;`,
  },
  6: {
    from: 4,
    script: `alter table users add column active boolean default true; update users set active = true;
      alter table users add column deactivated_at timestamp; alter table users add column deactivated_by varchar;
      create table personal_access_tokens (id varchar primary key, user_id varchar not null, name varchar not null, token_hash varchar not null,
        prefix varchar not null, scopes varchar, created_at timestamp not null default current_timestamp, expires_at timestamp,
        last_used_at timestamp, revoked_at timestamp);
      insert into personal_access_tokens (id, user_id, name, token_hash, prefix) values ('7f3a', 'u-ann', 'ci', 'aa', '7f3a');`,
  },
  8: {
    from: 7,
    script: `create table internal_roles (id varchar primary key, key varchar not null unique, display_name varchar not null, description text,
        owner_module varchar, created_at timestamp not null default current_timestamp, updated_at timestamp not null default current_timestamp);
      create table group_mappings (id varchar primary key, external_group_id varchar not null, internal_role_id varchar not null references internal_roles(id),
        assigned_at timestamp not null default current_timestamp, assigned_by varchar, unique (external_group_id, internal_role_id));
      insert into internal_roles (id, key, display_name, owner_module) values ('r-cur', 'corporate_memory.curator', 'Curator', 'corporate_memory');
      insert into group_mappings (id, external_group_id, internal_role_id, assigned_by) values ('gm-1', 'data-curators@example.com', 'r-cur', 'ada@example.com');`,
  },
};

/** Puts a state of the predecessor, version 1 to 9, into the folder, changed by `script`; resolves to its file. */
export async function putOldState(dataDir: string, version: number, script = ''): Promise<string> {
  const built = between[version];
  const sample = built?.from ?? version;
  const packed = readFileSync(join(packageRoot, `tests/fixtures/predecessor/system-v${sample}.duckdb.gz`));
  const file = join(dataDir, 'state', 'system.duckdb');
  mkdirSync(join(dataDir, 'state'), { recursive: true });
  writeFileSync(file, gunzipSync(packed));
  const bump = built ? `${built.script} update schema_version set version = ${version};` : '';
  if (bump || script) await runOn(file, `${bump} ${script}`);
  return file;
}

async function runOn(file: string, script: string): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(script);
  connection.closeSync();
  instance.closeSync();
}

/** What the server says of itself to an upgrade. */
export function settingsFor(dataDir: string, more: Partial<UpgradeSettings> = {}): UpgradeSettings {
  return {
    dataDir,
    timeZone: 'UTC',
    connectors,
    definedRoles: new Set(['core.viewer', 'core.analyst', 'core.km_admin', 'core.admin']),
    readVariable: () => undefined,
    isReserved: () => false,
    ...more,
  };
}

/** The rows that an upgrade would write, by table, and what its report would say. */
export interface Given {
  readonly given: ReadonlyMap<string, Record<string, unknown>[]>;
  readonly report: Pick<UpgradeReport, 'version' | 'warnings' | 'tables' | 'leftovers'>;
}

/** Takes the state in the folder over into nothing but memory. */
export async function takeFrom(dataDir: string, more: Partial<UpgradeSettings> = {}): Promise<Given> {
  const settings = settingsFor(dataDir, more);
  const file = join(dataDir, 'state', 'system.duckdb');
  const given = new Map<string, Record<string, unknown>[]>();
  const report = await readForeignFile({ file, timeZone: settings.timeZone }, async (old) => {
    const schema = (await recognise(old, file))!;
    return takeOver({ settings, schema, old, at: new Date(), isTrial: true }, async (table, row) => {
      given.set(table, [...(given.get(table) ?? []), row as Record<string, unknown>]);
    });
  });
  return { given, report };
}

/** Opens the state in the folder as a server does, reads, and closes it. */
export async function readUpgraded<Result>(
  dataDir: string,
  read: (store: Store) => Promise<Result>,
  options: { databaseUrl?: string; migrations?: string; settings?: Partial<UpgradeSettings> } = {},
): Promise<Result> {
  const { settings, ...place } = options;
  const store = await openUpgradedStore({ dataDir, clock: systemClock, ...place }, settingsFor(dataDir, settings));
  try {
    return await read(store);
  } finally {
    await store.close();
  }
}
