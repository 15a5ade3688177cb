import { InvalidInputError } from '../kernel/errors.ts';
import type { SourceFile } from './extraction-csv-shape.ts';
import { conversionTo, detectedType, detectKinds, type Conversion } from './extraction-csv-types.ts';
import { UnreadableFileError } from './extraction-errors.ts';
import type { Session } from './extraction-session.ts';
import type { TimeFormats } from './extraction-time-formats.ts';
import { quoteIdentifier, quoteLiteral } from './identifier.ts';

interface FolderFormat extends TimeFormats {
  types?: Record<string, string>;
}

/** The columns that files have from the folders in which they lie, each with one type over all files. */
export interface FolderColumns {
  /** Throws an `UnreadableFileError` when the files themselves have one of them, in any case. */
  refuseRepeated(columns: readonly string[]): void;
  /** `select`, the rows of `file`, with these columns behind its own. */
  addTo(select: string, file: SourceFile): string;
}

/**
 * Learns the folder columns of `files`, whose types are given or detected as in delimited text. `format` is what is left for
 * the files themselves. Throws an `InvalidInputError` for a value that its given type cannot hold.
 */
export async function splitFolderColumns<Format extends FolderFormat>(
  session: Session,
  files: readonly SourceFile[],
  given: Format,
): Promise<{ folderColumns: FolderColumns; format: Format }> {
  const names = [...new Set(files.flatMap(({ columns }) => Object.keys(columns ?? {})))];
  const conversions = new Map<string, Conversion>();
  const types = { ...given.types };
  for (const name of names) {
    const values = [...new Set(files.flatMap(({ columns }) => columns?.[name] ?? []))];
    conversions.set(name, await chooseConversion(session, { name, values, format: given, type: types[name] }));
    delete types[name];
  }
  const folderColumns: FolderColumns = {
    refuseRepeated(columns) {
      const taken = new Set(columns.map((column) => column.toLowerCase()));
      const repeated = names.find((name) => taken.has(name.toLowerCase()));
      if (repeated === undefined) return;
      throw new UnreadableFileError(
        `The column "${repeated}" is in the files and in the names of their folders; read it from one of them.`,
      );
    },
    addTo(select, file) {
      if (conversions.size === 0) return select;
      const values = [...conversions].map(([name, { type, convert }]) => {
        const value = file.columns?.[name] ?? null;
        return `${value === null ? `NULL::${type}` : convert(quoteLiteral(value))} AS ${quoteIdentifier(name)}`;
      });
      return `SELECT *, ${values.join(', ')} FROM (${select})`;
    },
  };
  return { folderColumns, format: names.length === 0 ? given : { ...given, types } };
}

async function chooseConversion(
  session: Session,
  column: { name: string; values: readonly string[]; format: FolderFormat; type: string | undefined },
): Promise<Conversion> {
  const { name, values, format, type } = column;
  const rows = values.map((value) => `(${quoteLiteral(value)})`).join(', ') || '(NULL::VARCHAR)';
  if (type === undefined) {
    const [found] = await session.query(
      `SELECT ${detectKinds('v', format)}::DOUBLE AS kinds FROM (VALUES ${rows}) t(v)`,
    );
    return conversionTo(detectedType(Number(found?.['kinds'] ?? 0), format), format, '');
  }
  const conversion = conversionTo(type, format, `types.${name}`);
  const [misfit] = await session.query(
    `SELECT v FROM (VALUES ${rows}) t(v) WHERE v IS NOT NULL AND NOT (${conversion.fits('v')}) LIMIT 1`,
  );
  if (misfit === undefined) return conversion;
  const message = `the folder ${name}=${String(misfit['v'])} is not a ${conversion.type}; choose another type.`;
  throw new InvalidInputError([{ path: `types.${name}`, message }]);
}
