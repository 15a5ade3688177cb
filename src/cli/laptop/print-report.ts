import { printNotice } from '../output/streams.ts';
import type { SyncForecast } from './dry-run.ts';
import type { SyncReport } from './sync-report.ts';

/** Tells a person what a sync did; quietly, only what went wrong. */
export function printReport(report: SyncReport, { quiet }: { quiet?: true }): void {
  const { unchanged, downloaded, removed, failed, tables, rescued } = report;
  if (rescued !== null) printNotice(`agnes.duckdb had been changed; what was in it is kept as ${rescued}.`);
  for (const { table, error } of failed) printNotice(`${table} failed: ${error}`);
  if (quiet) return;
  if (unchanged) return printNotice(`Nothing has changed; the ${tables} tables here are up to date.`);
  for (const table of removed) printNotice(`${table} is no longer yours to read, or not chosen: it is removed.`);
  const sent = downloaded.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  printNotice(
    `${downloaded.length} tables brought (${megabytes(sent)} over the line), ${removed.length} removed, ` +
      `${failed.length} failed; ${tables} are here.`,
  );
}

/** Tells a person what a sync would do. */
export function printForecast({ wouldDownload, wouldRemove, bytes }: SyncForecast): void {
  for (const { table, bytes: size } of wouldDownload) printNotice(`${table} would be brought (${megabytes(size)}).`);
  for (const table of wouldRemove) printNotice(`${table} would be removed.`);
  printNotice(
    `${wouldDownload.length} tables would be brought, at most ${megabytes(bytes)}; ${wouldRemove.length} would be removed.`,
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
