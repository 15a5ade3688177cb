import { objectKeys, objectText } from '../../engine/row-text.ts';
import type { Column } from './rows.ts';
import type { RowWriter } from './row-writer.ts';

/** One JSON list with an object for each row. */
export function json(columns: readonly Column[]): RowWriter {
  const keys = keysOf(columns);
  let isFirst = true;
  return {
    head: '[',
    row(values) {
      const before = isFirst ? '\n  ' : ',\n  ';
      isFirst = false;
      return before + objectText(keys, values);
    },
    end: () => (isFirst ? ']\n' : '\n]\n'),
  };
}

/** One JSON object for each row, each on its own line. */
export function ndjson(columns: readonly Column[]): RowWriter {
  const keys = keysOf(columns);
  return { head: '', row: (values) => `${objectText(keys, values)}\n`, end: () => '' };
}

function keysOf(columns: readonly Column[]): string[] {
  return objectKeys(columns.map(({ name }) => name));
}
