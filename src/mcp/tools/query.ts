import { z } from 'zod';
import { rowWindow } from '../inputs.ts';
import { rowsAnswer, rowsToRead, usualRows } from '../rows-answer.ts';
import { defineTool } from '../tool.ts';

export const query = defineTool({
  name: 'query',
  title: 'Query by SQL',
  description:
    'Runs one SELECT of DuckDB’s SQL over the tables that you may read, such as SELECT count(*) FROM shop.orders. Any other table does not exist. Where a metric defines the number, run the metric instead.',
  input: { statement: z.string().min(1).max(100_000).describe('One SELECT.'), ...rowWindow },
  async run({ place, input: { statement, limit = usualRows, offset = 0 }, signal }) {
    const window = { offset, limit };
    const rows = await place.query({ statement, limit: rowsToRead(window) }, signal);
    return rowsAnswer(place, { rows, window });
  },
});
