import { UnreadableFileError } from './extraction-errors.ts';
import type { Column } from './parquet.ts';

/** A column of a table that is made of several files. */
export interface AgreedColumn extends Column {
  /** The file that the type is from. */
  from: string;
}

/**
 * The columns of files taken together, by name in lower case, in the order in which they first appear. The types of one name
 * must be equal, or whole numbers with a sign, of which the widest is taken; otherwise throws an `UnreadableFileError` that
 * names both files.
 */
export function agreeOnColumns(
  files: readonly { name: string; columns: readonly Column[] }[],
): Map<string, AgreedColumn> {
  const agreed = new Map<string, AgreedColumn>();
  for (const { name: from, columns } of files) {
    for (const { name, type } of columns) {
      const known = agreed.get(name.toLowerCase());
      const wider = known === undefined ? type : widerType(known.type, type);
      if (wider === undefined) {
        throw new UnreadableFileError(
          `The column "${name}" is ${type} in ${from}, but ${known?.type} in ${known?.from}; write it with one type.`,
        );
      }
      if (wider !== known?.type) agreed.set(name.toLowerCase(), { name: known?.name ?? name, type, from });
    }
  }
  return agreed;
}

const wholeNumbers = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'];

function widerType(one: string, other: string): string | undefined {
  if (one === other) return one;
  const widths = [wholeNumbers.indexOf(one), wholeNumbers.indexOf(other)];
  return widths.includes(-1) ? undefined : wholeNumbers[Math.max(...widths)];
}
