import { dataLine } from '../../kernel/data-line.ts';
import { mostCharacters } from '../answer.ts';
import { metricName, noSuchMetric } from '../inputs.ts';
import { ToolFailure } from '../tool-failure.ts';
import { defineTool } from '../tool.ts';

export const describeMetric = defineTool({
  name: 'describe_metric',
  title: 'Describe a metric',
  description:
    'Tells the whole definition of a metric: what it means, its SQL and variants, the dimensions it may be narrowed by, and what to mind.',
  input: { metric: metricName },
  async run({ place, input, signal }) {
    const found = await place.metric(input.metric, signal);
    if (!found) throw noSuchMetric();
    const whole = dataLine(found).length <= mostCharacters;
    // Variants are what makes a definition long; the canonical statement is what it is.
    const shown = whole ? found : { ...found, sqlVariants: found.sqlVariants.map(({ name }) => ({ name })) };
    if (dataLine(shown).length > mostCharacters) {
      throw new ToolFailure('failed', 'The definition is longer than an answer may be; `da metrics show` prints it.');
    }
    const rest = whole ? null : 'The SQL of the variants is left out; `da metrics show` prints it.';
    return { facts: { cut: !whole, rest }, data: { ...shown } };
  },
});
