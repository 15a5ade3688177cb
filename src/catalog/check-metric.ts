import { Failure } from '../kernel/errors.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { Table } from '../registry/table.ts';
import type { MetricFault } from './metric-fault.ts';
import type { MetricDefinition } from './metric.ts';
import { tablesNamed } from './named-tables.ts';
import type { PlacedDefinition } from './parse-metric-file.ts';
import { findColumn, isTime, readableTables } from './readable-tables.ts';

const checkSeconds = 10;

/** One thing that does not fit: `path` is the field, such as `['tables', 0]`. */
interface Misfit {
  path: PropertyKey[];
  message: string;
}

/**
 * What does not fit the tables as the principal may read them now: tables that are not there, columns that they do not
 * have, statements that cannot be bound. No row is read. A definition may come before its table, so these are warnings.
 */
export async function checkMetrics(
  services: Services,
  given: { principal: Principal; definitions: readonly PlacedDefinition[] },
): Promise<MetricFault[]> {
  const warnings: MetricFault[] = [];
  for (const { definition, faultAt } of given.definitions) {
    const misfits = await findMisfits(services, { principal: given.principal, definition });
    warnings.push(...misfits.map(({ path, message }) => faultAt(path, message)));
  }
  return warnings;
}

type Given = { principal: Principal; definition: MetricDefinition };

async function findMisfits(services: Services, given: Given): Promise<Misfit[]> {
  const { misfits, table, tables } = findTables(services, given);
  if (misfits.length > 0) return misfits;
  misfits.push(...checkColumns(services, { definition: given.definition, table, tables }));
  const { sql, sqlVariants } = given.definition;
  const statements = [
    { path: ['sql'] as PropertyKey[], sql },
    ...sqlVariants.map((variant, index) => ({ path: ['sqlVariants', index], sql: variant.sql })),
  ];
  for (const statement of statements)
    misfits.push(...(await checkStatement(services, { ...given, statement, tables })));
  return misfits;
}

interface FoundTables {
  misfits: Misfit[];
  table: Table | null;
  tables: Table[];
}

function findTables(services: Services, { principal, definition }: Given): FoundTables {
  const known = readableTables(services, principal);
  const misfits: Misfit[] = [];
  const find = (name: string, path: PropertyKey[]): Table | null => {
    const [found, ...others] = tablesNamed(known, name);
    if (!found) misfits.push({ path, message: `The table ${name} does not exist, or you may not read it.` });
    else if (others.length > 0) misfits.push({ path, message: `${name} names several tables; write the SQL name.` });
    else if (!services.generations.state(found.id)?.columns.length) {
      misfits.push({ path, message: `The table ${name} was never synced, so nothing can be checked against it.` });
    }
    return found ?? null;
  };
  const table = definition.table === null ? null : find(definition.table, ['table']);
  const further = definition.tables.map((name, index) => find(name, ['tables', index]));
  return { misfits, table, tables: [table, ...further].filter((found) => found !== null) };
}

function checkColumns(
  services: Services,
  { definition, table, tables }: { definition: MetricDefinition; table: Table | null; tables: readonly Table[] },
): Misfit[] {
  const misfits: Misfit[] = [];
  const { timeColumn } = definition;
  if (timeColumn !== null) {
    const type = table && findColumn(services, table, timeColumn)?.type;
    const path = ['timeColumn'];
    if (!table) misfits.push({ path, message: 'A time column needs a table; name it by table.' });
    else if (!type) misfits.push({ path, message: `The table ${table.sqlName} has no column ${timeColumn}.` });
    else if (!isTime(type))
      misfits.push({ path, message: `The column ${timeColumn} is ${type}, not a date or a time.` });
  }
  for (const [index, dimension] of definition.dimensions.entries()) {
    if (tables.some((candidate) => findColumn(services, candidate, dimension))) continue;
    misfits.push({ path: ['dimensions', index], message: `No table of the metric has a column ${dimension}.` });
  }
  return misfits;
}

async function checkStatement(
  services: Services,
  given: Given & { statement: { path: PropertyKey[]; sql: string }; tables: readonly Table[] },
): Promise<Misfit[]> {
  const { path, sql } = given.statement;
  const catalog = services.generations.catalogFor(services.tableAccess.readableSet(given.principal));
  const statement = `SELECT * FROM (\n${sql.trimEnd().replace(/;$/, '')}\n) LIMIT 0`;
  try {
    const { tables } = await services.statements.run({ catalog, statement, limit: 1, timeoutSeconds: checkSeconds });
    const named = new Set(given.tables.map(({ sqlName }) => sqlName));
    const unnamed = tables.filter((sqlName) => !named.has(sqlName));
    if (unnamed.length === 0) return [];
    return [{ path, message: `The SQL reads ${unnamed.join(', ')}, which table and tables do not name.` }];
  } catch (error) {
    if (error instanceof Failure) return [{ path, message: error.message }];
    throw error;
  }
}
