import { join, resolve } from 'node:path';
import type { ConnectorContext } from '../../connectors/contract.ts';
import type { Services } from '../operation/services.ts';
import type { Source } from '../registry/source.ts';
import type { WriteTransaction } from '../store/store.ts';
import { syncTopic, type SyncEvent } from './sync-event.ts';
import type { SyncRun } from './sync-run.ts';

/** What one execution of a run works with. */
export interface RunContext {
  readonly services: Services;
  readonly run: SyncRun;
  readonly source: Source;
  readonly extractsDir: string;
  /** Aborted when the run was cancelled or the server stops. */
  readonly signal: AbortSignal;
}

/** What the source's connector may use in this run: also the folder that it keeps from run to run. */
export function contextOfRun({ services, source, extractsDir, signal }: RunContext): ConnectorContext<unknown> {
  return { ...services.connectors.contextOf(source, signal), folder: keptFolder(extractsDir, source.name) };
}

/** Where a source's connector keeps what is its own. */
export function keptFolder(extractsDir: string, source: string): string {
  return join(resolve(extractsDir), source, 'raw');
}

type EventOfRun<Event = SyncEvent> = Event extends SyncEvent ? Omit<Event, 'runId' | 'sourceId'> : never;

/** Tells what happens in the run. */
export function emit(tx: WriteTransaction, { run }: RunContext, event: EventOfRun): void {
  tx.emit(syncTopic, { ...event, runId: run.id, sourceId: run.sourceId });
}

/**
 * A transaction of the run; rejects with the signal's reason once that is aborted. Because the signal is aborted before the
 * transaction after the cancellation begins, nothing of a cancelled run is written.
 */
export function writeOfRun<Result>(
  { services, signal }: RunContext,
  change: (tx: WriteTransaction) => Promise<Result>,
): Promise<Result> {
  return services.store.write((tx) => {
    signal.throwIfAborted();
    return change(tx);
  });
}
