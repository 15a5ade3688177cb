import { z } from 'zod';
import { listPage } from '../inputs.ts';
import { pageOf } from '../paged.ts';
import { defineTool } from '../tool.ts';

export const listMetrics = defineTool({
  name: 'list_metrics',
  title: 'List metrics',
  description:
    'Lists the business metrics that you may see, by category. Look here before you compute a number: where a metric defines it, run the metric.',
  input: { category: z.string().max(1_000).optional().describe('Only metrics of this category.'), ...listPage },
  async run({ place, input: { category, offset }, signal }) {
    const page = pageOf(await place.metrics({ category }, signal), { offset });
    return { facts: { place: place.kind, asOf: await place.asOf(), ...page.facts }, data: { metrics: page.items } };
  },
});
