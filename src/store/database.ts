/**
 * The state database's tables. Each `<noun>.store.ts` augments this interface with its own table, and only it
 * writes that table (others may join it): `declare module '../store/database.ts' { interface Database { users: UsersTable } }`.
 */
export interface Database {
  events: EventsTable;
}

/** The outbox: one row per event, in commit order. `seq` has no gaps within one database. */
export interface EventsTable {
  seq: number;
  at: Date;
  topic: string;
  /** JSON text. */
  payload: string;
}
