import { printNotice } from '../output/streams.ts';
import type { SyncEvent } from './documents.ts';
import type { Progress } from './progress.ts';

/** A line for each event. */
export function progressLines(): Progress {
  return { show: (event) => printNotice(describeEvent(event)), stop: () => {} };
}

/** An event as one line. */
export function describeEvent(event: SyncEvent): string {
  switch (event.__typename) {
    case 'SyncStarted':
      return `${event.source}: started`;
    case 'SyncProgress':
      return `${nameOf(event)}: being extracted`;
    case 'SyncTablePublished':
      return `${nameOf(event)}: published with ${event.table?.syncState.rows ?? 'unknown'} rows`;
    case 'SyncTableFailed':
      return `${nameOf(event)}: failed: ${event.message}`;
    case 'GenerationPublished':
      return `${event.source}: generation ${event.generation.slice(0, 12)} can be queried`;
    case 'SyncFinished':
      return `${event.source}: ${event.state.toLowerCase()}`;
  }
}

/** The table of an event; who may not read a table does not learn its name. */
export function nameOf(event: SyncEvent): string {
  return ('table' in event && event.table?.sqlName) || event.source;
}
