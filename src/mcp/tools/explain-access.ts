import { noSuchTable, tableName } from '../inputs.ts';
import { pageOf } from '../paged.ts';
import { defineTool } from '../tool.ts';

export const explainAccess = defineTool({
  name: 'explain_access',
  title: 'Explain access',
  description:
    'Tells why you may read a table: by which grant, role or rule, and until when. A table that you may not read does not exist for you, and is told from none.',
  input: { table: tableName },
  async run({ place, input, signal }) {
    const found = await place.explainAccess(input.table, signal);
    if (!found) throw noSuchTable();
    const page = pageOf(found.reasons, {});
    return { facts: { allowed: true, ...page.facts }, data: { table: found.table, reasons: page.items } };
  },
});
