import type { SyncEvent, SyncState } from './documents.ts';

/** What events said about tables since the list was fetched, by table id. */
export type LiveStates = ReadonlyMap<string, SyncState>;

export const noLiveStates: LiveStates = new Map();

/** The states after `event`. A table that a run works on is running; what it was before stays readable beside that. */
export function applySyncEvent(states: LiveStates, event: SyncEvent): LiveStates {
  switch (event.__typename) {
    case 'SyncProgress':
      return withState(states, event.table.id, { ...event.table.syncState, status: 'RUNNING' });
    case 'SyncTablePublished':
      return withState(states, event.table.id, event.table.syncState);
    case 'SyncTableFailed':
      return withState(states, event.table.id, { ...event.table.syncState, status: 'FAILED', error: event.message });
    default:
      return states;
  }
}

/** One sentence for screen readers about what an event changed; null when nothing on the page did. */
export function announceSyncEvent(event: SyncEvent): string | null {
  switch (event.__typename) {
    case 'SyncProgress':
      return `${event.table.sqlName} is syncing.`;
    case 'SyncTablePublished':
      return `${event.table.sqlName} has new data.`;
    case 'SyncTableFailed':
      return `${event.table.sqlName} failed to sync.`;
    default:
      return null;
  }
}

function withState(states: LiveStates, tableId: string, state: SyncState): LiveStates {
  return new Map(states).set(tableId, state);
}
