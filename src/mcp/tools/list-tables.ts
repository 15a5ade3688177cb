import { z } from 'zod';
import { listPage } from '../inputs.ts';
import { pageOf } from '../paged.ts';
import { defineTool } from '../tool.ts';

export const listTables = defineTool({
  name: 'list_tables',
  title: 'List tables',
  description:
    'Lists the tables that you may read, with what their rows are, where they are, how many there are, and which version of them, published when.',
  input: {
    search: z
      .string()
      .max(1_000)
      .optional()
      .describe('Only tables whose name, alias or description contains this text.'),
    ...listPage,
  },
  async run({ place, input: { search = '', offset }, signal }) {
    const text = search.trim().toLowerCase();
    const tables = (await place.tables(signal)).filter(({ table, alias, description }) =>
      [table, alias, description].some((part) => part?.toLowerCase().includes(text)),
    );
    const page = pageOf(
      tables.map(({ columns: _columns, ...facts }) => facts),
      { offset },
    );
    return {
      facts: { place: place.kind, asOf: await place.asOf(), ...page.facts },
      data: { tables: page.items },
    };
  },
});
