import { z } from 'zod';
import { listPage } from '../inputs.ts';
import { pageOf } from '../paged.ts';
import { defineTool } from '../tool.ts';

export const search = defineTool({
  name: 'search',
  title: 'Search',
  description:
    'Finds metrics, tables and columns that you may see, by a part of their names and descriptions. Metrics come first: prefer them.',
  input: {
    text: z.string().trim().min(1).max(200).describe('A part of a name or description, in any case.'),
    ...listPage,
  },
  async run({ place, input: { text, offset }, signal }) {
    const wanted = text.toLowerCase();
    const matches = (...parts: (string | null | undefined)[]) =>
      parts.some((part) => part?.toLowerCase().includes(wanted));
    const [metrics, tables] = await Promise.all([place.metrics({}, signal), place.tables(signal)]);
    const found = [
      ...metrics
        .filter(({ metric, displayName, description }) => matches(metric, displayName, description))
        .map((metric) => ({ kind: 'metric', ...metric })),
      ...tables
        .filter(({ table, alias, description }) => matches(table, alias, description))
        .map(({ table, description }) => ({ kind: 'table', table, description })),
      ...tables.flatMap(({ table, columns }) =>
        columns
          .filter(({ name, description }) => matches(name, description))
          .map((column) => ({ kind: 'column', table, column: column.name, type: column.type })),
      ),
    ];
    const page = pageOf(found, { offset });
    return { facts: { place: place.kind, asOf: await place.asOf(), ...page.facts }, data: { found: page.items } };
  },
});
