import { useRef, useState } from 'react';
import { Client, fetchExchange } from 'urql';
import { describeFailure } from '../data/failure.ts';
import { filterVariables, type AuditFilter } from './audit-filter.ts';
import { csvHeader, csvLine } from './csv.ts';
import { AuditEventsQuery, type AuditPage } from './documents.ts';

export type ExportFormat = 'csv' | 'ndjson';

/** How far an export is; `failed` says why, and nothing was saved. */
export type ExportState =
  | { kind: 'idle' }
  | { kind: 'running'; events: number }
  | { kind: 'done'; events: number }
  | { kind: 'failed'; message: string };

/** Without a cache, which would hold every page that was asked for. */
const client = new Client({
  url: '/graphql',
  preferGetMethod: false,
  fetchOptions: { credentials: 'same-origin' },
  exchanges: [fetchExchange],
});

const eventsPerRequest = 500;
const mediaTypes = { csv: 'text/csv;charset=utf-8', ndjson: 'application/x-ndjson' } as const;

/**
 * Saves every event that fits a filter as a file: the browser asks for one page after the other, so that nothing is left out,
 * and saves only when it has the last one.
 */
export function useExport(filter: AuditFilter) {
  const [state, setState] = useState<ExportState>({ kind: 'idle' });
  const cancelled = useRef(false);

  async function start(format: ExportFormat): Promise<void> {
    cancelled.current = false;
    setState({ kind: 'running', events: 0 });
    const parts: Blob[] = format === 'csv' ? [new Blob([csvHeader])] : [];
    let events = 0;
    let after: string | null = null;
    do {
      const { data, error } = await askPage(filter, after);
      if (cancelled.current) return setState({ kind: 'idle' });
      const page: AuditPage | null = data?.auditEvents ?? null;
      if (error || !page) {
        const message = error ? describeFailure(error).message : 'The server gave no answer; try again.';
        return setState({ kind: 'failed', message });
      }
      const lines = page.edges.map(({ node }) => (format === 'csv' ? csvLine(node) : `${JSON.stringify(node)}\n`));
      // A blob need not stay in the memory of the page, as text would.
      parts.push(new Blob(lines));
      events += lines.length;
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      setState({ kind: 'running', events });
    } while (after !== null);
    save(new Blob(parts, { type: mediaTypes[format] }), `audit-${new Date().toISOString().slice(0, 10)}.${format}`);
    setState({ kind: 'done', events });
  }

  return { state, start, cancel: () => void (cancelled.current = true) };
}

function askPage(filter: AuditFilter, after: string | null) {
  const variables = { ...filterVariables(filter), first: eventsPerRequest, after };
  return client.query(AuditEventsQuery, variables).toPromise();
}

function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read it when it comes back to its own work.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
