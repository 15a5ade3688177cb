import { ExtractionError, UnreadableFileError } from './extraction-errors.ts';
import { mergeIncrement, type HeldFile, type Increment, type Merged } from './extraction-increment.ts';
import { joinPartitions, type StagedRows } from './extraction-partitions.ts';
import type { Session } from './extraction-session.ts';

/** How the rows of one extraction join those that the table holds, and by what: the connectors' contract says what each means. */
export interface Joining {
  joins?: 'replace' | 'merge' | 'append' | 'partitions';
  /** Tells rows apart in `merge` where the table itself has no primary key. */
  primaryKey?: readonly string[];
}

/** What a table is begun with; without `held` and `increment` it begins empty. */
export interface Beginning {
  /** What is joined with the rows when nothing is said of it. */
  increment?: Increment;
  /** The files of the last good sync, which stay unless the rows replace them. */
  held?: readonly HeldFile[];
  primaryKey?: readonly string[];
}

interface Written {
  table: string;
  beginning: Beginning;
  staged: readonly StagedRows[];
  /** Partitions that were named, with rows or without. */
  named: ReadonlySet<string>;
  /** Where a file that takes the place of others may be written. */
  target: string;
}

/** Which held files stay, and which staged files are to be published beside them. */
export async function joinRows(session: Session, written: Written, joining: Joining): Promise<Merged> {
  const { table, beginning, staged, named, target } = written;
  const held = beginning.held ?? beginning.increment?.files ?? [];
  if (joining.joins === 'partitions') {
    refuseMixture(
      table,
      held.some(({ partition }) => partition === undefined),
    );
    return joinPartitions(session, { table, held, staged, named, target });
  }
  if (named.size > 0) throw new ExtractionError(`${table}: partitions were named, but joins is ${joining.joins}`);
  const increment = chooseIncrement(table, { beginning, held, joining });
  if (!increment) return { kept: [], staged: [...staged] };
  refuseMixture(
    table,
    increment.files.some(({ partition }) => partition !== undefined),
  );
  return mergeIncrement(session, { increment, staged, target });
}

function chooseIncrement(
  table: string,
  given: { beginning: Beginning; held: readonly HeldFile[]; joining: Joining },
): Increment | undefined {
  const { beginning, held, joining } = given;
  if (joining.joins === undefined) return beginning.increment;
  if (joining.joins === 'append') return { files: held, primaryKey: [] };
  if (joining.joins !== 'merge') return undefined;
  const registered = beginning.primaryKey ?? [];
  const primaryKey = registered.length > 0 ? registered : (joining.primaryKey ?? []);
  if (primaryKey.length > 0) return { files: held, primaryKey, watermarkColumn: beginning.increment?.watermarkColumn };
  throw new UnreadableFileError(
    `The table ${table} has no primary key, by which changed rows find those that they replace; give it one.`,
  );
}

function refuseMixture(table: string, isMixed: boolean): void {
  if (!isMixed) return;
  throw new UnreadableFileError(
    `The table ${table} is divided otherwise than its rows came now; sync it with a full refresh.`,
  );
}
