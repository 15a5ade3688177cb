import { z } from 'zod';
import { metricName, noSuchMetric, rowWindow } from '../inputs.ts';
import { rowsAnswer, rowsToRead, usualRows } from '../rows-answer.ts';
import { defineTool } from '../tool.ts';

const text = z.string().min(1).max(1_000);

export const runMetric = defineTool({
  name: 'run_metric',
  title: 'Run a metric',
  description:
    'Computes a metric by its own SQL over the tables that you may read, and says which metric it was and which version of the data it read. Say in your answer which metric you used.',
  input: {
    metric: metricName,
    variant: text.optional().describe('One of its variants, such as by_channel; the canonical statement unless given.'),
    from: text.optional().describe('Only rows of this day or instant or later, such as 2026-01-31.'),
    to: text.optional().describe('Only rows before this day or instant.'),
    filters: z
      .array(z.strictObject({ dimension: text, values: z.array(z.string().max(1_000)).max(1_000) }))
      .max(50)
      .optional()
      .describe('Only rows whose dimension has one of the values, for each of these.'),
    ...rowWindow,
  },
  async run({ place, input, signal }) {
    const { metric: id, variant, from, to, filters, limit = usualRows, offset = 0 } = input;
    const window = { offset, limit };
    const rows = await place.runMetric({ id, variant, from, to, filters, limit: rowsToRead(window) }, signal);
    if (!rows) throw noSuchMetric();
    return rowsAnswer(place, { rows, window, about: { metric: id, variant: variant ?? null } });
  },
});
