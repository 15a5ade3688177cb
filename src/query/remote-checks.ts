import { lacksExtension } from '../engine/missing-extension.ts';
import { RemoteUnavailableError } from '../engine/statement-errors.ts';
import { systemPrincipal } from '../identity/authenticate.ts';
import { ConflictError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { runOperation } from '../operation/define-operation.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { Table } from '../registry/table.ts';
import { startSync } from '../sync/start-sync.ts';
import type { TableState } from '../sync/table-state.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly remoteChecks: RemoteChecks;
  }
}

/** Who asks for the runs that statements give a reason for. */
const asker: Principal = { ...systemPrincipal, email: 'statement' };

const pauseSeconds = 60;

/**
 * Keeps what is said of remote tables true: when a statement cannot read one whose last sync was good, or can read one whose last
 * sync failed, its source is asked for a sync of it, which says and tells how it is. Each table once a minute at most. A start asks
 * for those whose extension is not installed.
 */
export class RemoteChecks {
  readonly #askedAt = new Map<string, Date>();

  /** To be called once the server syncs: the sync installs what is missing, as after another DuckDB came, or says why it cannot. */
  async started(services: Services): Promise<void> {
    const { registry, generations, remotes } = services;
    for (const source of registry.sources()) {
      const lacking = registry.tablesOf(source.id).filter(({ id }) => {
        const remote = generations.state(id)?.remote;
        return remote ? lacksExtension(remote.type, remotes) : false;
      });
      if (lacking.length > 0) await askForSync(services, lacking);
    }
  }

  /** To be called with the failure of each statement. */
  failed(services: Services, error: unknown): void {
    if (error instanceof RemoteUnavailableError) this.#check(services, error.sqlNames, 'ok');
  }

  /** To be called with the `sqlName`s that a statement has read. */
  succeeded(services: Services, sqlNames: readonly string[]): void {
    this.#check(services, sqlNames, 'failed');
  }

  #check(services: Services, sqlNames: readonly string[], said: TableState['status']): void {
    const now = services.clock.now();
    for (const sqlName of sqlNames) {
      const table = services.registry.tableBySqlName(sqlName);
      const state = table && services.generations.state(table.id);
      if (!state?.remote || state.status !== said || this.#askedLately(table!.id, now)) continue;
      this.#askedAt.set(table!.id, now);
      void askForSync(services, [table!]);
    }
  }

  #askedLately(tableId: string, now: Date): boolean {
    const askedAt = this.#askedAt.get(tableId);
    return askedAt !== undefined && now.getTime() - askedAt.getTime() < pauseSeconds * 1000;
  }
}

/** All of one source. */
async function askForSync(services: Services, tables: readonly Table[]): Promise<void> {
  const source = services.registry.source(tables[0]!.sourceId)?.name ?? '';
  try {
    const caller = { principal: asker, requestId: newId() };
    await runOperation(startSync, { input: { source, tables: tables.map(({ id }) => id) }, caller, services });
  } catch (error) {
    // A run of the source that is on its way will tell as well.
    if (error instanceof ConflictError) return;
    services.log.error({ err: error, source }, 'remote tables could not be checked');
  }
}
