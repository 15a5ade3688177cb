import type { Gathered } from '../../connectors/contract.ts';
import { RemoteDescriber } from '../engine/describe-remote.ts';
import { openExtraction } from '../engine/extraction.ts';
import { Failure } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import { demandCompleteSource } from './demand-complete-source.ts';
import { describeExtract } from './describe-extract.ts';
import { endCutOffRun } from './end-cut-off-run.ts';
import { extractTable } from './extract-table.ts';
import { gather } from './gather.ts';
import { failureSentence } from './failure-sentence.ts';
import { emit, writeOfRun, type RunContext } from './run-context.ts';
import { stoppedSentence, type SyncRun, type SyncRunState } from './sync-run.ts';
import { deleteSourceEvents } from './source-event.store.ts';
import { selectSyncRunTables, updateSyncRun } from './sync-run.store.ts';
import type { TableState } from './table-state.ts';
import { upsertTableStates } from './table-state.store.ts';
import { keepQueryMode } from './keep-query-mode.ts';

/** A connector could not gather what its tables are extracted from: the run ends, and what is published stays. */
class GatheringError extends Failure {
  readonly code = 'GATHERING_FAILED';
}

/**
 * Executes a queued run: extracts table after table, then publishes all that succeeded as one generation in one
 * transaction. A table that fails keeps its last good files; when every table fails, or `signal` is aborted, the last
 * generation stays. A run that was cancelled before that transaction publishes nothing.
 */
export async function runSync(given: {
  services: Services;
  run: SyncRun;
  extractsDir: string;
  signal: AbortSignal;
}): Promise<void> {
  const { services, run, signal } = given;
  const source = services.registry.source(run.sourceId);
  if (!source) throw new Error(`run ${run.id} names a source that does not exist`);
  const context: RunContext = { ...given, source };
  try {
    await writeOfRun(context, async (tx) => {
      await updateSyncRun(tx, run.id, { state: 'running', startedAt: tx.at });
      emit(tx, context, { kind: 'started' });
    });
    demandCompleteSource(services, source);
    await extractAndPublish(context);
  } catch (error) {
    if (!signal.aborted) services.log.error({ err: error, runId: run.id }, 'sync run failed');
    const sentence = signal.aborted ? stoppedSentence : failureSentence(error);
    await services.store.write((tx) => endCutOffRun(tx, { run, sentence, dueAgain: signal.aborted }));
  }
}

async function extractAndPublish(context: RunContext): Promise<void> {
  const { services, run, source, extractsDir } = context;
  const entries = await selectSyncRunTables(services.store.db, [run.id]);
  const wanted = new Set(entries.map(({ tableId }) => tableId));
  const tables = services.registry.tablesOf(source.id).filter(({ id }) => wanted.has(id));
  const published: TableState[] = [];
  const gathered = await gatherOrExplain(context);
  const extraction = await openExtraction({ extractsDir, source: source.name, signal: context.signal });
  const describer = new RemoteDescriber(services.remotes, services.log);
  try {
    for (const table of tables) {
      const state = await extractTable(context, { extraction, describer, table });
      if (state) published.push(state);
    }
  } finally {
    await describer.close();
    await extraction.close();
  }
  if (published.length === 0)
    return finish(context, { state: 'failed', published, gathered: { ...gathered, handled: [] } });
  await describeExtract(services, { source, extractsDir, fresh: published });
  try {
    await finish(context, { state: published.length === tables.length ? 'succeeded' : 'partial', published, gathered });
  } catch (error) {
    await describeExtract(services, { source, extractsDir });
    throw error;
  }
}

/** The sentences of a connector are for administrators, as those about a table are. */
async function gatherOrExplain(context: RunContext): Promise<Gathered> {
  try {
    return await gather(context);
  } catch (error) {
    context.signal.throwIfAborted();
    throw new GatheringError(failureSentence(error, 'connector'), String(error));
  }
}

async function finish(
  context: RunContext,
  outcome: { state: SyncRunState; published: readonly TableState[]; gathered: Gathered },
): Promise<void> {
  const { run, services } = context;
  const { state, published, gathered } = outcome;
  await writeOfRun(context, async (tx) => {
    await upsertTableStates(tx, published);
    for (const state of published) await keepQueryMode(tx, services, state);
    for (const { tableId } of published) emit(tx, context, { kind: 'tablePublished', tableId });
    if (published.length > 0) emit(tx, context, { kind: 'generationPublished' });
    await deleteSourceEvents(tx, gathered.handled);
    await updateSyncRun(tx, run.id, { state, finishedAt: tx.at, report: gathered.report });
    emit(tx, context, { kind: 'finished', state });
  });
}
