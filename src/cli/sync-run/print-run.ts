import { printList } from '../output/print-rows.ts';
import type { SyncRun } from './documents.ts';

/** Prints what became of each table of a run. */
export function printTables({ tables }: Pick<SyncRun, 'tables'>): void {
  const columns = [
    { name: 'table', type: 'VARCHAR' },
    { name: 'state', type: 'VARCHAR' },
    { name: 'rows', type: 'BIGINT' },
    { name: 'attempts', type: 'BIGINT' },
    { name: 'duration', type: 'VARCHAR' },
    { name: 'error', type: 'VARCHAR' },
  ];
  const rows = tables.map(({ table, state, rows: count, attempts, durationMs, error }) => [
    table?.sqlName ?? '',
    state.toLowerCase(),
    count ?? '',
    String(attempts),
    durationText(durationMs),
    error ?? '',
  ]);
  printList({ columns, rows }, {});
}

/** Milliseconds as people read them: `0.4 s`, `75 s`; nothing when there are none. */
export function durationText(milliseconds: unknown): string {
  if (milliseconds === null || milliseconds === undefined) return '';
  const seconds = Number(milliseconds) / 1000;
  return `${seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0)} s`;
}
