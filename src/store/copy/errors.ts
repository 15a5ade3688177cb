import { StoreOpenError } from '../open-errors.ts';

/** The place a state is to be brought to holds one already. */
export class StateNotEmptyError extends StoreOpenError {
  readonly code = 'STATE_NOT_EMPTY';

  constructor(table: string) {
    super(`The state database to be filled is not empty (${table} has rows); nothing was changed: name an empty one.`);
  }
}

/** The place a state is to be brought to is empty, but its tables are newer than those of the state. */
export class StateNewerError extends StoreOpenError {
  readonly code = 'STATE_NEWER';

  constructor(versions: { found: number; newest: number }) {
    super(
      `The state database to be filled is empty, but has tables of schema version ${versions.found}, and what is to fill it is of ` +
        `version ${versions.newest}; nothing was changed: name a database without tables.`,
    );
  }
}

/** What was written is not what was to be written; nothing of it was kept. */
export class CopyDiffersError extends StoreOpenError {
  readonly code = 'COPY_DIFFERS';

  constructor(table: string) {
    super(
      `The copied rows of ${table} differ from their source, so the copy was given up; the target is empty as before.`,
    );
  }
}

/** A file that is no whole backup, or one that this program cannot read. */
export class BackupUnreadableError extends StoreOpenError {
  readonly code = 'BACKUP_UNREADABLE';
}
