import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCustomers, makeProducts, makeSubscriptions } from './sample-customers.ts';
import { makeOpportunities, makeOrders, makeSessions } from './sample-sales.ts';
import { toCsv, type SampleTable } from './sample-table.ts';
import { makeInfrastructureCosts, makeTickets, makeUserEvents } from './sample-usage.ts';

/** One file of the sample company, with what a registration of it needs. `file` is relative to the folder. */
export interface SampleFile {
  name: string;
  file: string;
  rows: number;
  primaryKey: string[];
  description: string;
  /** Types for columns where detection would choose another: money is exact. */
  types: Record<string, string>;
}

/**
 * Writes the data of a company that does not exist as CSV files into `folder`, which is made when it is missing: eighteen
 * months that end with 2026-06-30, the same bytes each time.
 */
export async function writeSampleCompany(folder: string): Promise<SampleFile[]> {
  await mkdir(folder, { recursive: true });
  return Promise.all(
    makeTables().map(async (table) => {
      const { name, primaryKey, description, types } = table;
      const file = `${name}.csv`;
      await writeFile(join(folder, file), toCsv(table));
      return { name, file, rows: table.rows.length, primaryKey, description, types };
    }),
  );
}

function makeTables(): SampleTable[] {
  const { customers, table: customerTable } = makeCustomers();
  const { products, table: productTable } = makeProducts();
  const { orders, table: orderTable } = makeOrders(customers, products);
  return [
    customerTable,
    productTable,
    orderTable,
    makeSubscriptions(customers),
    makeUserEvents(customers),
    makeOpportunities(customers),
    makeTickets(customers),
    makeInfrastructureCosts(customers),
    makeSessions(customers, orders),
  ];
}
