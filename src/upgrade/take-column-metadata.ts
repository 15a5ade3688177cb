import type { ColumnDescription } from '../registry/table.ts';
import { firstTimes, rowsOf, type Upgrade } from './upgrade.ts';

/** What was said of the columns of each table, by its id there; all values of the rows are kept beside it. */
export async function takeColumnMetadata(upgrade: Upgrade): Promise<Map<string, ColumnDescription[]>> {
  const { ledger } = upgrade;
  const byTable = new Map<string, ColumnDescription[]>();
  const isFirst = firstTimes();
  for await (const row of rowsOf(upgrade, 'column_metadata')) {
    const [tableId, name] = [row.text('table_id') ?? '', row.text('column_name') ?? ''];
    if (!isFirst(JSON.stringify([tableId, name]))) {
      await ledger.left(row, { key: `${tableId}.${name}`, reason: 'another row is about the same column' });
      continue;
    }
    const description = row.text('description');
    if (description) byTable.set(tableId, [...(byTable.get(tableId) ?? []), { name, description }]);
    await ledger.put('predecessor_column_metadata', {
      table_id: tableId,
      column_name: name,
      base_type: row.text('basetype'),
      description,
      confidence: row.text('confidence'),
      source: row.text('source'),
      updated_at: row.instant('updated_at'),
    });
    await ledger.took(row, `${tableId}.${name}`);
  }
  for (const list of byTable.values()) list.sort((one, other) => (one.name < other.name ? -1 : 1));
  return byTable;
}
