import { z } from 'zod';
import type { Connector } from '../../connectors/contract.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { parseOptions } from './parse-options.ts';
import { schedule } from './schedule.ts';
import { sqlIdentifier, sqlName } from './source.ts';
import type { Table } from './table.ts';
import { insertTable } from './table.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'table.registered': { sqlName: string; source: string; isPublic: boolean };
  }
}

/** Registers one relation of a source as a table; private unless `isPublic` is given. */
export const registerTable = defineOperation({
  rule: { role: 'core.admin' },
  event: 'table.registered',
  input: z.strictObject({
    source: z.string(),
    name: sqlIdentifier,
    sqlName: sqlName.nullish(),
    alias: sqlIdentifier.nullish(),
    bucket: z.string().max(200).nullish(),
    description: z.string().max(10_000).nullish(),
    isPublic: z.boolean().nullish(),
    primaryKey: z.array(z.string().min(1)).nullish(),
    schedule: schedule.nullish(),
    watermarkColumn: z.string().min(1).nullish(),
    options: z.record(z.string(), z.unknown()),
  }),
  async run({ tx, input, services, record }): Promise<Table> {
    const source = services.registry.sourceByName(input.source);
    if (!source) throw new NotFoundError(`There is no source called ${JSON.stringify(input.source)}.`);
    const connector = services.connectors.named(source.connector);
    const table: Table = {
      id: newId(),
      sqlName: input.sqlName ?? `${source.name}.${input.name}`,
      alias: input.alias ?? null,
      sourceId: source.id,
      name: input.name,
      bucket: input.bucket ?? null,
      description: input.description ?? null,
      queryMode: 'local',
      isPublic: input.isPublic ?? false,
      primaryKey: input.primaryKey ?? [],
      schedule: input.schedule ?? null,
      watermarkColumn: acceptWatermark(connector, input.watermarkColumn ?? null),
      options: parseOptions(connector.tableOptions, { path: 'options', value: input.options }),
      createdAt: tx.at,
    };
    refuseTakenNames(services, table);
    await insertTable(tx, table);
    const { sqlName: name, isPublic } = table;
    record({ resource: `table:${table.id}`, details: { sqlName: name, source: source.name, isPublic } });
    return table;
  },
});

/** Gives the column back; refuses one where the connector cannot tell new rows. */
export function acceptWatermark(connector: Connector, column: string | null): string | null {
  if (column === null || connector.incremental) return column;
  const message = `The connector ${connector.kind} takes all rows each time; leave this out.`;
  throw new InvalidInputError([{ path: 'watermarkColumn', message }]);
}

function refuseTakenNames(services: Services, table: Table): void {
  for (const other of services.registry.tables()) {
    if (other.sourceId === table.sourceId && other.name === table.name) {
      throw new ConflictError(`The source has a table called ${table.name} already.`);
    }
    if (other.sqlName === table.sqlName) throw new ConflictError(`The SQL name ${table.sqlName} is taken.`);
    if (table.alias !== null && other.alias === table.alias) {
      throw new ConflictError(`The alias ${table.alias} is taken.`);
    }
  }
  const sources = services.registry.sources();
  if (table.alias !== null && sources.some((source) => source.name === table.alias)) {
    throw new InvalidInputError([
      { path: 'alias', message: `${table.alias} is the name of a source; choose another.` },
    ]);
  }
}
