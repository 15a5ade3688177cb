import { printList } from '../output/print-rows.ts';
import { printNotice } from '../output/streams.ts';
import type { SyncRun } from './documents.ts';

/** Prints what became of each table of a run. */
export function printTables({ tables }: Pick<SyncRun, 'tables'>): void {
  const columns = [
    { name: 'table', type: 'VARCHAR' },
    { name: 'state', type: 'VARCHAR' },
    { name: 'rows', type: 'BIGINT' },
    { name: 'attempts', type: 'BIGINT' },
    { name: 'duration', type: 'VARCHAR' },
    { name: 'bytes_billed', type: 'BIGINT' },
    { name: 'error', type: 'VARCHAR' },
  ];
  const rows = tables.map(({ table, state, rows: count, attempts, durationMs, bytesBilled, error }) => [
    table?.sqlName ?? '',
    state.toLowerCase(),
    count ?? '',
    String(attempts),
    durationText(durationMs),
    bytesBilled ?? '',
    error ?? '',
  ]);
  printList({ columns, rows }, {});
}

/** Prints what the connector tells of a run, a line for each part of it; nothing when it tells nothing. */
export function printReport({ report }: Pick<SyncRun, 'report'>): void {
  if (typeof report !== 'object' || report === null) return;
  for (const [part, found] of Object.entries(report)) printNotice(`${part}: ${JSON.stringify(found)}`);
}

/** Milliseconds as people read them: `0.4 s`, `75 s`; nothing when there are none. */
export function durationText(milliseconds: unknown): string {
  if (milliseconds === null || milliseconds === undefined) return '';
  const seconds = Number(milliseconds) / 1000;
  return `${seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0)} s`;
}
