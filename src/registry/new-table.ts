import { z } from 'zod';
import type { Connector } from '../../connectors/contract.ts';
import { InvalidInputError, NotFoundError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Services } from '../operation/services.ts';
import { parseOptions } from './parse-options.ts';
import { acceptQueryMode } from './query-mode.ts';
import { schedule } from './schedule.ts';
import { sqlName, type Source } from './source.ts';
import {
  tableAlias,
  tableBucket,
  tableDescription,
  tableName,
  tableOptions,
  tablePrimaryKey,
  tableQueryMode,
  tableWatermark,
} from './table-fields.ts';
import type { Table } from './table.ts';

/** What a registration says of one table, besides its source. */
export const newTableInput = z.strictObject({
  name: tableName,
  sqlName: sqlName.nullish(),
  alias: tableAlias.nullish(),
  bucket: tableBucket.nullish(),
  description: tableDescription.nullish(),
  isPublic: z.boolean().nullish(),
  primaryKey: tablePrimaryKey.nullish(),
  schedule: schedule.nullish(),
  watermarkColumn: tableWatermark.nullish(),
  queryMode: tableQueryMode.nullish(),
  options: tableOptions,
});

/** The table that a registration makes; private unless `isPublic` is given. Throws the faults of its options below `path`. */
export function newTable(
  services: Services,
  given: { source: Source; input: z.output<typeof newTableInput>; at: Date; path?: string },
): Table {
  const { source, input, path = '' } = given;
  const connector = services.connectors.named(source.connector);
  const options = parseOptions(connector.tableOptions, { path: `${path}options`, value: input.options });
  if (input.queryMode === 'remote') refuseWatermark(input, path);
  return {
    id: newId(),
    sqlName: input.sqlName ?? `${source.name}.${input.name}`,
    alias: input.alias ?? null,
    sourceId: source.id,
    name: input.name,
    bucket: input.bucket ?? null,
    description: input.description ?? null,
    queryMode: acceptQueryMode(connector, { queryMode: input.queryMode ?? null, options, path }),
    isPublic: input.isPublic ?? false,
    primaryKey: input.primaryKey ?? [],
    schedule: input.schedule ?? null,
    watermarkColumn: acceptWatermark(connector, { column: input.watermarkColumn ?? null, path }),
    options,
    columnDescriptions: [],
    createdAt: given.at,
  };
}

/** The source with this name; throws a `NotFoundError` when there is none. */
export function demandSource(services: Services, name: string): Source {
  const source = services.registry.sourceByName(name);
  if (source) return source;
  throw new NotFoundError(`There is no source called ${JSON.stringify(name)}.`);
}

function refuseWatermark({ watermarkColumn }: z.output<typeof newTableInput>, path: string): void {
  if (watermarkColumn == null) return;
  const message = 'A table that is read at its source has no rows here that could grow; leave this out.';
  throw new InvalidInputError([{ path: `${path}watermarkColumn`, message }]);
}

/** Gives the column back; refuses one where the connector cannot tell new rows. `path` stands before the field's. */
export function acceptWatermark(connector: Connector, given: { column: string | null; path?: string }): string | null {
  if (given.column === null || connector.incremental) return given.column;
  const message = `The connector ${connector.kind} takes all rows each time; leave this out.`;
  throw new InvalidInputError([{ path: `${given.path ?? ''}watermarkColumn`, message }]);
}
