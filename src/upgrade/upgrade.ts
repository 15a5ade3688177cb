import type { Connector } from '../../connectors/contract.ts';
import type { Log } from '../kernel/log.ts';
import type { Table } from '../registry/table.ts';
import type { ForeignFile } from '../store/duckdb/foreign-file.ts';
import { lastVersionOfPredecessor } from '../store/migrations.ts';
import type { Entry } from './files-beside.ts';
import type { Ledger } from './ledger.ts';
import { OldRow } from './old-row.ts';
import type { RecognisedSchema } from './recognise.ts';

/** What the program brings to an upgrade. */
export interface UpgradeSettings {
  readonly dataDir: string;
  /** Times without a zone in the old file are local ones of it. */
  readonly timeZone: string;
  readonly connectors: readonly Connector[];
  /** The keys of the roles that code defines. */
  readonly definedRoles: ReadonlySet<string>;
  /** A variable of the environment, or of the predecessor's file of variables. */
  readonly readVariable: (name: string) => string | undefined;
  /** Whether only the environment may give this variable. */
  readonly isReserved: (name: string) => boolean;
  /** Hears how far a table of many rows is. */
  readonly log?: Log | undefined;
}

/** A user that was taken over. */
export interface KnownUser {
  readonly id: string;
  readonly email: string;
  readonly active: boolean;
}

/** A table that was taken over, with what the predecessor called it. */
export interface KnownTable {
  readonly id: string;
  readonly oldId: string;
  readonly oldName: string;
  readonly name: string;
  readonly sourceId: string;
  readonly sourceName: string;
  /** As the predecessor wrote it; empty for none. */
  readonly sourceType: string;
  readonly queryMode: Table['queryMode'];
  readonly primaryKey: string[];
  readonly bucket: string | null;
  readonly isPublic: boolean;
}

/** An upgrade under way: where it reads and writes, and what the parts before have found. */
export interface Upgrade {
  readonly settings: UpgradeSettings;
  readonly schema: RecognisedSchema;
  readonly old: ForeignFile;
  /** The tables whose rows come from a form that is older than the database. */
  readonly older: ReadonlySet<string>;
  readonly ledger: Ledger;
  /** What stands in folders of tables, by their paths, as it was when they were first looked at. */
  readonly listings: Map<string, Entry[]>;
  readonly at: Date;
  /** Nothing is written anywhere: it is only to be known what would happen. */
  readonly isTrial: boolean;
  /** By id. */
  readonly users: Map<string, KnownUser>;
  /** Keys of all roles that there are. */
  readonly roleKeys: Set<string>;
  readonly tables: KnownTable[];
}

type Readable = Pick<Upgrade, 'old' | 'ledger' | 'settings'>;

const rowsUntilTold = 100_000;

/** The rows of a table of the predecessor, if it is there; all are to be booked in the ledger. */
export async function* rowsOf({ old, ledger, settings }: Readable, table: string): AsyncIterable<OldRow> {
  if (!old.tables.has(table)) return;
  ledger.open(table);
  let count = 0;
  for await (const rows of old.rows(table)) {
    for (const values of rows) {
      yield new OldRow(table, values);
      count += 1;
      if (count % rowsUntilTold === 0) settings.log?.info({ table, rows: count }, 'an upgrade goes on');
    }
  }
}

/** All rows of a table at once, for those that are few. */
export async function allRowsOf(upgrade: Readable, table: string): Promise<OldRow[]> {
  const rows: OldRow[] = [];
  for await (const row of rowsOf(upgrade, table)) rows.push(row);
  return rows;
}

/** Whether a key comes for the first time: files of the predecessor may lack their unique keys. */
export function firstTimes(): (key: string) => boolean {
  const seen = new Set<string>();
  return (key) => {
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
}

/** Whether the role of a user stands in the row of the user: before version 9, and where an upgrade to it was not finished. */
export function rolesStandInUsers({ schema, old, older }: Pick<Upgrade, 'schema' | 'old' | 'older'>): boolean {
  const hasGrants = old.tables.has('user_role_grants') && old.tables.get('internal_roles')?.includes('implies');
  return older.has('users') || !hasGrants || (schema.stated ?? lastVersionOfPredecessor) < lastVersionOfPredecessor;
}
