import type { ForeignFile, ForeignValue } from '../store/duckdb/foreign-file.ts';
import type { Ledger } from './ledger.ts';
import { OldRow } from './old-row.ts';
import type { OlderForm, OlderRow } from './older-forms.ts';
import { UnfitFileError } from './take-over-error.ts';
import type { UpgradeReport } from './upgrade-report.ts';

/** A state without any database. */
export const noDatabase: ForeignFile = { tables: new Map(), async *rows() {} };

/** The database of the predecessor together with what only older forms hold. */
export interface CombinedState {
  readonly old: ForeignFile;
  /** The tables whose rows come from an older form. */
  readonly older: ReadonlySet<string>;
}

/**
 * Puts the rows of older forms into those tables that have none in the database. Where the database has some it counts, because what is
 * missing there may have been removed: such rows are left out. Without a database a form that cannot be read is an `UnfitFileError`, because
 * nothing would take it over once the state is in use.
 */
export async function addOlderForms(
  { old, ledger }: { old: ForeignFile; ledger: Ledger },
  forms: readonly OlderForm[],
): Promise<CombinedState> {
  const faults = forms.flatMap(({ path, fault }) => (fault === null ? [] : [`${path} ${fault}`]));
  if (old === noDatabase && faults.length > 0) throw new UnfitFileError(faults);
  const added = new Map<string, readonly OlderRow[]>();
  const hasUsers = await hasRows(old, 'users');
  for (const form of forms) {
    ledger.current = `in ${form.path}`;
    if (form.skipped > 0) {
      ledger.warn(
        `${form.path}: ${form.skipped} entries are built otherwise than such entries are, and were left out.`,
      );
    }
    for (const fault of [...(form.fault === null ? [] : [form.fault]), ...form.besides]) {
      ledger.warn(`${form.path} ${fault}, and that was left out.`);
    }
    if (form.rows.length === 0 && form.fault === null) {
      ledger.warn(`${form.path} lists nothing that is known here; nothing of it was taken over.`);
    }
    if (await hasRows(old, form.table)) {
      await leaveOut({ old, ledger }, form, form.rows);
    } else if (form.rows.length > 0) {
      added.set(form.table, form.table === 'table_registry' && hasUsers ? form.rows.map(madePrivate) : form.rows);
      ledger.file(`${startOfTaken(form.path)}, which has no ${form.table}: ${form.rows.length} were read.`);
      if (form.table === 'table_registry' && hasUsers)
        ledger.warn(`The tables of ${form.path} are private, because the database did not know them.`);
    }
  }
  return { old: combine(old, added), older: new Set(added.keys()) };
}

/** Whether the upgrade that this report is about has taken rows of this older form. */
export function hasTaken({ files }: Pick<UpgradeReport, 'files'>, path: string): boolean {
  return files.some((sentence) => sentence.startsWith(startOfTaken(path)));
}

function startOfTaken(path: string): string {
  return `${path} is older than the database`;
}

function madePrivate(row: OlderRow): OlderRow {
  return { ...row, is_public: false };
}

/** Whether the file has the table, and a row in it. */
export async function hasRows(old: ForeignFile, table: string): Promise<boolean> {
  if (!old.tables.has(table)) return false;
  for await (const rows of old.rows(table)) if (rows.length > 0) return true;
  return false;
}

async function leaveOut(
  { old, ledger }: { old: ForeignFile; ledger: Ledger },
  form: OlderForm,
  rows: readonly OlderRow[],
): Promise<void> {
  const known = new Set<string>();
  const keyOf = (row: Readonly<Record<string, ForeignValue>>) =>
    form.key.map((column) => String(row[column] ?? '').toLowerCase()).join(' ');
  for await (const stored of old.rows(form.table)) for (const row of stored) known.add(keyOf(row));
  ledger.open(form.path);
  for (const values of rows) {
    const row = new OldRow(form.path, values);
    if (known.has(keyOf(values))) ledger.knew(row);
    else await ledger.left(row, { key: keyOf(values), reason: `the ${form.table} of the database count, without it` });
  }
}

function combine(old: ForeignFile, added: ReadonlyMap<string, readonly OlderRow[]>): ForeignFile {
  const columns = [...added].map(([table, rows]) => [table, [...new Set(rows.flatMap(Object.keys))]] as const);
  return {
    tables: new Map([...old.tables, ...columns]),
    async *rows(table) {
      const rows = added.get(table);
      if (rows) yield rows.map((row) => ({ ...row }));
      else yield* old.rows(table);
    },
  };
}
