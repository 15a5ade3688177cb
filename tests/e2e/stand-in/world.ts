import { createPubSub } from 'graphql-yoga';

/** A table as the stand-in keeps it. */
export interface StandInTable {
  id: string;
  name: string;
  source: string;
  sqlName: string;
  description: string | null;
  columns: { name: string; type: string }[];
  primaryKey: string[];
  syncState: {
    status: 'NEVER' | 'OK' | 'FAILED' | 'RUNNING';
    lastSync: string | null;
    rows: string | null;
    sizeBytes: string | null;
    error: string | null;
  };
}

/** Everything the stand-in server answers from; tests change it directly. */
export class World {
  instance = { name: 'Example instance', version: '0.1.0', developmentMode: false, setupNeeded: false };
  /** Effective roles of who is signed in; null: nobody. */
  viewer: { email: string; roles: string[] } | null = { email: 'ada@example.com', roles: [...viewerRoles] };
  tables: StandInTable[] = [];
  sources: { name: string; connector: string }[] = [];
  setupSecret = 'secret-of-the-log';
  /** Root fields that break, as an unexpected fault would. */
  readonly broken = new Set<string>();
  readonly runningSources = new Set<string>();
  readonly #events = createPubSub<{ sync: [event: Record<string, unknown>] }>();

  subscribe(): AsyncIterable<Record<string, unknown>> {
    return this.#events.subscribe('sync');
  }

  addTable(name: string, more: Partial<StandInTable> = {}): StandInTable {
    const source = more.source ?? 'shop';
    const table: StandInTable = {
      id: `table-${this.tables.length + 1}`,
      name,
      source,
      sqlName: `${source}.${name}`,
      description: null,
      columns: [
        { name: 'id', type: 'BIGINT' },
        { name: 'created_at', type: 'TIMESTAMP WITH TIME ZONE' },
      ],
      primaryKey: ['id'],
      syncState: { status: 'NEVER', lastSync: null, rows: null, sizeBytes: null, error: null },
      ...more,
    };
    this.tables.push(table);
    return table;
  }

  startRun(source: string): void {
    this.runningSources.add(source);
    this.#tell('SyncStarted', source, {});
  }

  begin(table: StandInTable): void {
    table.syncState.status = 'RUNNING';
    this.#tell('SyncProgress', table.source, { table, rows: null });
  }

  publish(table: StandInTable, { rows, sizeBytes }: { rows: string; sizeBytes: string }): void {
    table.syncState = { status: 'OK', lastSync: new Date().toISOString(), rows, sizeBytes, error: null };
    this.#tell('SyncTablePublished', table.source, { table });
  }

  fail(table: StandInTable, message: string): void {
    table.syncState = { ...table.syncState, status: 'FAILED', error: message };
    this.#tell('SyncTableFailed', table.source, { table, message });
  }

  finishRun(source: string): void {
    this.runningSources.delete(source);
    this.#tell('SyncFinished', source, { state: 'SUCCEEDED' });
  }

  #tell(kind: string, source: string, more: object): void {
    const event = { __typename: kind, id: crypto.randomUUID(), at: new Date().toISOString(), runId: 'run-1', source };
    this.#events.publish('sync', { ...event, ...more });
  }
}

const viewerRoles = ['core.viewer'];

/** What an administrator's roles expand to. */
export const administratorRoles = ['core.admin', 'core.km_admin', 'core.analyst', 'core.viewer'];
