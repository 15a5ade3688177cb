import { dataLine } from '../../kernel/data-line.ts';
import { mostCharacters } from '../answer.ts';
import { listPage, noSuchTable, tableName } from '../inputs.ts';
import { pageOf } from '../paged.ts';
import type { Place } from '../place.ts';
import { defineTool } from '../tool.ts';

export const describeTable = defineTool({
  name: 'describe_table',
  title: 'Describe a table',
  description:
    'Tells the columns of a table with their types, where its rows are, how many, and which version of them.',
  input: { table: tableName, ...listPage },
  run: ({ place, input: { table, offset }, signal }) => tableAnswer(place, { table, offset, signal }),
});

/** The answer that describes a table; throws a `ToolFailure` when there is none of this name for the person. */
export async function tableAnswer(place: Place, given: { table: string; offset?: number; signal: AbortSignal }) {
  const found = await place.table(given.table, given.signal);
  if (!found) throw noSuchTable();
  const { columns, ...facts } = found;
  const page = pageOf(columns, { offset: given.offset, room: mostCharacters - dataLine(facts).length });
  return {
    facts: { place: place.kind, asOf: await place.asOf(), ...page.facts },
    data: { ...facts, columns: page.items },
  };
}
