import type { AuditEvent } from './documents.ts';

const columns = ['at', 'actor', 'credential', 'action', 'resource', 'details', 'requestId', 'id'] as const;

/** The first line of the file. */
export const csvHeader = `${columns.join(',')}\r\n`;

/** One event as a line of RFC 4180, its details as JSON in one cell. */
export function csvLine(event: AuditEvent): string {
  return `${columns.map((column) => csvCell(textOf(event[column]))).join(',')}\r\n`;
}

/** A quoted cell; one that a spreadsheet would take for a formula gets an apostrophe before it. */
export function csvCell(text: string): string {
  const harmless = /^[\s]*[=+\-@]|^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
