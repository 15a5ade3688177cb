import { isDeepStrictEqual } from 'node:util';
import type { DiscoveredTable } from '../../connectors/contract.ts';
import { Failure } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import type { Table } from './table.ts';
import { TakenNames } from './taken-names.ts';

const longestSeconds = 60;

/** The source could not say what it offers; the sentence is its connector's. */
export class DiscoveryError extends Failure {
  readonly code = 'DISCOVERY_FAILED';
}

/** A relation that a source offers. */
export interface OfferedTable {
  readonly description: string | null;
  readonly bucket: string | null;
  readonly primaryKey: readonly string[];
  readonly options: Record<string, unknown>;
  /** A name that is free in the source, unless it is registered: then its name. */
  readonly name: string;
  /** The tables that read this relation already. */
  readonly registered: readonly Table[];
}

/**
 * What the source offers now, in the connector's order. A table counts as one that reads an offered relation when its
 * options say all that the offer's say; it may say more, such as a delimiter. Null for an unknown source; throws a
 * `DiscoveryError` when the connector fails.
 */
export async function discoverTables(
  services: Services,
  given: { source: string; signal?: AbortSignal },
): Promise<OfferedTable[] | null> {
  const source = services.registry.sourceByName(given.source);
  if (!source) return null;
  const limit = AbortSignal.timeout(longestSeconds * 1000);
  const signal = given.signal ? AbortSignal.any([given.signal, limit]) : limit;
  const offered = await ask(services, { source, signal });
  const registered = services.registry.tablesOf(source.id);
  const taken = new TakenNames(services.registry);
  return offered.map(({ name, description, bucket, primaryKey, options }) => {
    const readers = registered.filter((table) => reads(table, options));
    const free = readers[0]?.name ?? taken.freeName(name, source);
    if (readers.length === 0)
      taken.add({ sourceId: source.id, name: free, sqlName: `${source.name}.${free}`, alias: null });
    const told = { description: description ?? null, bucket: bucket ?? null, primaryKey: primaryKey ?? [] };
    return { name: free, ...told, options, registered: readers };
  });
}

async function ask(
  services: Services,
  given: { source: Parameters<Services['connectors']['contextOf']>[0]; signal: AbortSignal },
): Promise<DiscoveredTable[]> {
  const { source, signal } = given;
  try {
    return await services.connectors.named(source.connector).discover(services.connectors.contextOf(source, signal));
  } catch (error) {
    const late = signal.aborted ? `The source did not answer within ${longestSeconds} seconds.` : null;
    throw new DiscoveryError(late ?? (error as Error).message);
  }
}

function reads({ options }: Table, offer: Record<string, unknown>): boolean {
  return Object.entries(offer).every(([key, value]) => isDeepStrictEqual(options[key], value));
}
