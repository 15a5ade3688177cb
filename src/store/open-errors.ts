/** The state database cannot be opened and was left as it was; the message is one sentence for the operator. */
export abstract class StoreOpenError extends Error {
  abstract readonly code: string;

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = new.target.name;
  }
}

/** Another process, or this one, has the file open. */
export class StoreLockedError extends StoreOpenError {
  readonly code = 'STORE_LOCKED';

  constructor(place: string, pid: number | undefined) {
    const holder = pid === process.pid ? `this process (${pid})` : `process ${pid ?? 'of unknown number'}`;
    super(`${place} is in use by ${holder}; stop it first or choose another DATA_DIR.`);
  }
}

/** The database cannot be reached, or the file is none of DuckDB. */
export class StateUnreadableError extends StoreOpenError {
  readonly code = 'STATE_UNREADABLE';
}

/** A newer version of the program has written it. */
export class StateTooNewError extends StoreOpenError {
  readonly code = 'STATE_TOO_NEW';

  constructor(place: string, versions: { found: number; newest: number }) {
    super(
      `${place} has schema version ${versions.found}, but this program knows only versions up to ${versions.newest}; ` +
        'start the newer program that wrote it.',
    );
  }
}

/** The predecessor has written it: schema versions 1 to 9. The server takes such a file over; what is opened otherwise is left. */
export class PredecessorStateError extends StoreOpenError {
  readonly code = 'STATE_OF_PREDECESSOR';

  constructor(place: string, version: number) {
    super(
      `${place} was written by the predecessor (schema version ${version}) and was left untouched: start the server on its ` +
        'DATA_DIR, which takes it over.',
    );
  }
}

/** The predecessor has written it, in a version that came after the last one known here. */
export class PredecessorTooNewError extends StoreOpenError {
  readonly code = 'PREDECESSOR_TOO_NEW';

  constructor(place: string, version: number) {
    super(
      `${place} was written by the predecessor with schema version ${version}; versions 1 to 9 can be taken over, and it was ` +
        'left untouched.',
    );
  }
}

/** It holds tables, but not our bookkeeping. */
export class UnknownStateError extends StoreOpenError {
  readonly code = 'STATE_UNKNOWN';

  constructor(place: string) {
    super(`${place} holds tables of another program; it was left untouched: choose another place for the state.`);
  }
}

/** A file of `migrations/` failed; the state is as it was before. */
export class MigrationFailedError extends StoreOpenError {
  readonly code = 'MIGRATION_FAILED';

  constructor(failure: { file: string; reason: string; place: string }, cause: unknown) {
    super(`Migration ${failure.file} failed (${failure.reason}); ${failure.place} is as it was before.`, cause);
  }
}
