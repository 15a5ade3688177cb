import type { IncomingMessage, ServerResponse } from 'node:http';
import { auditTableDownload, openTableFile, piecesOf, type TableDownload } from '../distribution/open-table-file.ts';
import { DownloadRefusedError, principalOfSignedUrl } from '../distribution/signed-download.ts';
import { UnauthenticatedError } from '../kernel/errors.ts';
import type { Principal } from '../operation/principal.ts';
import { answerSentence } from './answer-sentence.ts';
import { authenticateRequest, type Instance } from './instance.ts';
import { sendFile } from './send-file.ts';

interface TableFileExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

const fileName = /^\/data\/([^/]+)\/([0-9a-f]{64})\.(parquet|pieces)$/;

/**
 * Answers `/data/<tableId>/<sha256>.parquet`, one file of a table, and `….pieces`, the lengths and hashes of its row groups and
 * what stands between them, as JSON: `[[length, sha256], …]` in order. By bearer token or signed URL.
 */
export async function answerTableFile(instance: Instance, exchange: TableFileExchange): Promise<void> {
  const { request, response } = exchange;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return answerSentence(response, 405, 'Use GET.');
  }
  try {
    await answer(instance, exchange);
  } catch (error) {
    if (!(error instanceof DownloadRefusedError)) throw error;
    answerSentence(response, error.status, error.message);
  }
}

async function answer(instance: Instance, exchange: TableFileExchange): Promise<void> {
  const { request, response } = exchange;
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  const [, tableId = '', sha256 = '', kind] = fileName.exec(pathname) ?? [];
  const principal = principalOf(instance, { request, path: pathname, query: searchParams });
  const download = openTableFile(instance.services, { principal, tableId, sha256 });
  if (kind === 'parquet') return sendTableFile(instance, { ...exchange, download });
  const pieces = await piecesOf(download.file);
  response.writeHead(200, { ...cacheHeaders, 'Content-Type': 'application/json' });
  response.end(JSON.stringify(pieces.map((piece) => [piece.length, piece.sha256])));
}

/** Private and never stored by others; the content of a path never changes, but the right to have it does. */
const cacheHeaders = { 'Cache-Control': 'private, no-cache' };

async function sendTableFile(
  { services }: Instance,
  given: TableFileExchange & { download: TableDownload },
): Promise<void> {
  const { request, response, requestId, download } = given;
  const { table, file } = download;
  const sent = await sendFile(request, response, {
    path: file.path,
    etag: `"${file.sha256}"`,
    headers: {
      ...cacheHeaders,
      'Content-Type': 'application/vnd.apache.parquet',
      'Content-Disposition': `attachment; filename="${table.sqlName}.parquet"`,
    },
    allowed: download.allowed,
  });
  if (request.method === 'GET' && sent.bytes > 0) auditTableDownload(services, download, { ...sent, requestId });
}

function principalOf(
  instance: Instance,
  { request, path, query }: { request: IncomingMessage; path: string; query: URLSearchParams },
): Principal {
  if (query.has('signature')) return principalOfSignedUrl(instance.services, { path, query });
  const principal = authenticateRequest(instance, request);
  if (!principal) throw new UnauthenticatedError();
  return principal;
}
