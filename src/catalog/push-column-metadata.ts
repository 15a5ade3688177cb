import { z } from 'zod';
import { ConflictError, Failure, NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import type { Table } from '../registry/table.ts';
import { tableColumns } from '../sync/table-columns.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    /** Which columns were written at the source; with an `error` some of them may not have been. */
    'columns.pushed': { sqlName: string; source: string; columns: string[]; error: string | null };
  }
}

const longestSeconds = 60;

/** The source of the table takes nothing that is said of columns. */
export class PushNotPossibleError extends Failure {
  readonly code = 'PUSH_NOT_POSSIBLE';
}

/** The source did not take what is known of the columns; the sentence is its connector's. */
export class PushError extends Failure {
  readonly code = 'PUSH_FAILED';
}

/** What became of a push. */
export interface PushedColumns {
  table: Table;
  /** The names of the columns whose word at the source was another; empty after a failure. */
  columns: readonly string[];
  failure: PushError | null;
}

/**
 * Writes the types of a table's columns and what people said of them to its source, as far as they differ there. Throws a
 * `PushNotPossibleError` for a source that takes none. One that fails is audited too, since it may have taken a part: the
 * result has the `failure`.
 */
export const pushColumnMetadata = defineOperation({
  rule: { role: 'core.admin' },
  event: 'columns.pushed',
  input: z.strictObject({ tableId: z.string() }),
  async prepare({ input, services }): Promise<PushedColumns> {
    const table = services.registry.table(input.tableId);
    if (!table) throw new NotFoundError('There is no table with this id.');
    return { table, ...(await push(services, table)) };
  },
  async run({ prepared, services, record }): Promise<PushedColumns> {
    const { table, columns, failure } = prepared;
    const source = services.registry.source(table.sourceId)?.name ?? '';
    const details = { sqlName: table.sqlName, source, columns: [...columns], error: failure?.message ?? null };
    record({ resource: `table:${table.id}`, details });
    return prepared;
  },
});

async function push(services: Services, table: Table): Promise<Omit<PushedColumns, 'table'>> {
  const source = services.registry.source(table.sourceId)!;
  const connector = services.connectors.named(source.connector);
  if (!connector.describeColumns) {
    throw new PushNotPossibleError(
      `${connector.displayName} takes no descriptions of columns; what is said of them stays here.`,
    );
  }
  const known = tableColumns(services, table).map(({ name, type, description, descriptionSource }) => {
    return { name, type, description: descriptionSource === 'manual' ? description : null };
  });
  if (known.length === 0) throw new ConflictError(`The columns of ${table.sqlName} are not known; sync it first.`);
  const signal = AbortSignal.timeout(longestSeconds * 1000);
  try {
    const context = services.connectors.contextOf(source, signal);
    const answer = await connector.describeColumns(context, { options: table.options }, known);
    return { columns: z.array(z.string()).parse(answer), failure: null };
  } catch (error) {
    services.log.warn({ err: error, table: table.sqlName }, 'columns not pushed');
    return { columns: [], failure: new PushError(sentenceOf(error, signal)) };
  }
}

function sentenceOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return `The source did not answer within ${longestSeconds} seconds; try again later.`;
  if (error instanceof z.ZodError) return 'The connector did not tell which columns it wrote; mend it.';
  return (error as Error).message;
}
