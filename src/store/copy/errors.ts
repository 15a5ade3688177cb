import { StoreOpenError } from '../open-errors.ts';

/** The place a state is to be brought to holds one already. */
export class StateNotEmptyError extends StoreOpenError {
  readonly code = 'STATE_NOT_EMPTY';

  constructor(table: string) {
    super(`The state database to be filled is not empty (${table} has rows); nothing was changed: name an empty one.`);
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
