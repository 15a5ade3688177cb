/** The lock that every write transaction and every migration holds, so that one process at a time changes the state. */
export const writeLock = 'select pg_advisory_xact_lock(280267122035)';
