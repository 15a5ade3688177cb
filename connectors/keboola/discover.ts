import { z } from 'zod';
import type { DiscoveredTable } from '../contract.ts';
import { askStorage, type Connection } from './client.ts';
import { metadataValue } from './column-types.ts';
import { AnswerError } from './faults.ts';
import { bucketsShape, tableShape, type StorageTable } from './storage-shapes.ts';

const tablesShape = z.array(tableShape);
const include = 'include=columns,buckets,metadata,columnMetadata';

/**
 * All tables that the token may read, with their buckets, descriptions and primary keys. When the list of all fails, the buckets
 * are asked one by one; those that fail are left out, unless all do.
 */
export async function discoverTables(connection: Connection): Promise<DiscoveredTable[]> {
  const tables = await listTables(connection);
  return nameTables(tables.toSorted((one, other) => (one.id < other.id ? -1 : 1)));
}

async function listTables(connection: Connection): Promise<StorageTable[]> {
  try {
    return (await askStorage(connection, { path: `tables?${include}`, shape: tablesShape })).value;
  } catch (error) {
    connection.signal.throwIfAborted();
    if (error instanceof AnswerError && error.status === 401) throw error;
    return listByBucket(connection);
  }
}

async function listByBucket(connection: Connection): Promise<StorageTable[]> {
  const { value: buckets } = await askStorage(connection, { path: 'buckets', shape: bucketsShape });
  const tables: StorageTable[] = [];
  let failure: unknown;
  let failed = 0;
  for (const { id } of buckets) {
    try {
      const path = `buckets/${encodeURIComponent(id)}/tables?${include}`;
      tables.push(...(await askStorage(connection, { path, shape: tablesShape })).value);
    } catch (error) {
      connection.signal.throwIfAborted();
      failure = error;
      failed += 1;
    }
  }
  if (failed > 0 && failed === buckets.length) throw failure;
  return tables;
}

/** `in.c-crm.orders` becomes `crm_orders`; where two would be the same the stage goes first, and then numbers follow. */
function nameTables(tables: readonly StorageTable[]): DiscoveredTable[] {
  const taken = new Set<string>();
  return tables.map((table) => {
    const [stage = '', bucket = '', ...rest] = table.id.split('.');
    const short = asName(`${bucket.replace(/^c-/, '')}_${rest.join('_')}`);
    const candidates = [short, asName(`${stage}_${short}`)];
    let name = candidates.find((candidate) => !taken.has(candidate));
    for (let count = 2; name === undefined; count += 1) {
      const numbered = `${short.slice(0, 58)}_${count}`;
      if (!taken.has(numbered)) name = numbered;
    }
    taken.add(name);
    const description = metadataValue(table.metadata ?? [], ['KBC.description']);
    return {
      name,
      bucket: `${stage}.${bucket}`,
      primaryKey: table.primaryKey ?? [],
      ...(description !== undefined && { description: description.slice(0, 10_000) }),
      options: { table: table.id },
    };
  });
}

function asName(text: string): string {
  const name = text.toLowerCase().replaceAll(/[^a-z0-9_]+/g, '_');
  return (/^[a-z_]/.test(name) ? name : `_${name}`).slice(0, 64);
}
