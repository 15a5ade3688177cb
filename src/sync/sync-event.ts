import type { SyncRunState } from './sync-run.ts';

/** The topic under which the outbox carries sync events. */
export const syncTopic = 'sync';

interface SyncEventBase {
  runId: string;
  sourceId: string;
}

/** What happens in a run, in order: started, per table progress, then published or failed, then finished. */
export type SyncEvent = SyncEventBase &
  (
    | { kind: 'queued' }
    | { kind: 'started' }
    | { kind: 'progress'; tableId: string }
    | { kind: 'tablePublished'; tableId: string }
    | { kind: 'tableFailed'; tableId: string; message: string }
    | { kind: 'generationPublished' }
    | { kind: 'finished'; state: SyncRunState }
  );
