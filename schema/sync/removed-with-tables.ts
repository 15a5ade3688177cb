import type { RemovedWithTables as RemovedValue } from '../../src/sync/remove-tables.ts';
import { builder } from '../builder.ts';

export const RemovedWithTables = builder.objectRef<RemovedValue>('RemovedWithTables').implement({
  description: 'How much goes along with tables.',
  fields: (t) => ({
    tables: t.exposeInt('tables', { description: 'How many tables.' }),
    tableGrants: t.exposeInt('tableGrants', {
      description: 'How many grants on them, and on the source and its buckets when it goes.',
    }),
    accessRequests: t.exposeInt('accessRequests', { description: 'How many requests for access to them.' }),
    files: t.exposeInt('files', {
      description: 'How many files; they leave the disk when nothing can read them any more.',
    }),
    sizeBytes: t.expose('sizeBytes', { type: 'BigInt', description: 'How large the files are together.' }),
  }),
});
