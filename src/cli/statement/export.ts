import { setTimeout } from 'node:timers/promises';
import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection, type Connection } from '../connection/connection.ts';
import { download } from '../connection/download.ts';
import { graphql, type ResultOf } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { failed, wrongUsage } from '../failure.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { readStatement } from './read-statement.ts';

const ExportSql = graphql(`
  mutation ExportSql($input: ExportSqlInput!) {
    exportSql(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on ExportSqlPayload {
        export {
          id
        }
      }
    }
  }
`);

const ExportState = graphql(`
  query ExportState($id: ID!) {
    export(id: $id) {
      id
      format
      state
      rows
      sizeBytes
      sha256
      error
      expiresAt
      url
    }
  }
`);

type ExportRow = NonNullable<ResultOf<typeof ExportState>['export']>;

export interface ExportOptions extends GlobalOptions {
  readonly output: string;
  readonly format?: 'parquet' | 'csv' | 'ndjson';
  readonly file?: string;
  readonly json?: true;
}

const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 2000;

/** Exports a statement on the server, waits for it, and fetches the file; `--output` is replaced only by a whole one. */
export async function exportStatement(sql: string | undefined, options: ExportOptions): Promise<void> {
  const format = chooseFormat(options);
  const connection = await openConnection(options);
  const statement = await readStatement(sql, options.file);
  const input = { statement, format };
  const { export: started } = payloadOf(
    (await request(connection, ExportSql, { input })).exportSql,
    'ExportSqlPayload',
  );
  const { id, rows, sizeBytes, sha256, url } = await waitForEnd(connection, started.id);
  if (!url || sizeBytes === null || sha256 === null) throw failed('The export has ended without a file; export again.');
  // The path and its signature count; the server is the one that was asked, under whatever name it has here.
  const { pathname, search } = new URL(url);
  const from = new URL(connection.server);
  await download(`${from.origin}${pathname}${search}`, {
    server: connection.server,
    path: options.output,
    sizeBytes: Number(sizeBytes),
    sha256,
    onProgress: (bytes) => drawProgress(`${megabytes(bytes)} of ${megabytes(Number(sizeBytes))}`),
  });
  if (options.json) printJson({ id, file: options.output, format: format.toLowerCase(), rows, sizeBytes, sha256 });
  else printNotice(`${options.output}: ${rows} rows, ${megabytes(Number(sizeBytes))}.`);
}

function chooseFormat({ format, output }: ExportOptions): 'PARQUET' | 'CSV' | 'NDJSON' {
  const chosen = format ?? /\.(parquet|csv|ndjson)$/i.exec(output)?.[1]?.toLowerCase();
  if (chosen === 'parquet') return 'PARQUET';
  if (chosen === 'csv') return 'CSV';
  if (chosen === 'ndjson') return 'NDJSON';
  throw wrongUsage(`The name ${output} does not say what the file is to be; add --format parquet, csv or ndjson.`);
}

async function waitForEnd(connection: Connection, id: string): Promise<ExportRow> {
  const begun = performance.now();
  for (let pause = firstPauseMilliseconds; ; pause = Math.min(pause * 1.5, longestPauseMilliseconds)) {
    const { export: row } = await request(connection, ExportState, { id });
    if (!row) throw failed('The export is gone from the server; export again.');
    if (row.state === 'FAILED') throw failed(row.error ?? 'The export has failed.');
    if (row.state === 'SUCCEEDED') return row;
    drawProgress(`${row.state.toLowerCase()} for ${Math.round((performance.now() - begun) / 1000)} s`);
    await setTimeout(pause);
  }
}

/** Only for a person who looks: one line on stderr that is drawn over. */
function drawProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[KExport: ${text}\r`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
