import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileKinds } from '../distribution/export.ts';
import type { ExportRunner } from '../distribution/export-runner.ts';
import { auditDownload, openDownload } from '../distribution/open-download.ts';
import { DownloadRefusedError } from '../distribution/signed-download.ts';
import type { Services } from '../operation/services.ts';
import { answerSentence } from './answer-sentence.ts';
import { sendFile } from './send-file.ts';

/** What `/exports/<id>` needs. */
export interface ExportDoor {
  readonly services: Services;
  readonly exportRunner: ExportRunner;
}

/** Answers `/exports/<id>` by its signed URL alone: neither cookie nor token counts. */
export async function answerExport(
  door: ExportDoor,
  given: { request: IncomingMessage; response: ServerResponse; requestId: string; id: string },
): Promise<void> {
  const { request, response } = given;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return answerSentence(response, 405, 'Use GET.');
  }
  try {
    await answerDownload(door, given);
  } catch (error) {
    if (!(error instanceof DownloadRefusedError)) throw error;
    answerSentence(response, error.status, error.message);
  }
}

async function answerDownload(
  { services, exportRunner }: ExportDoor,
  given: { request: IncomingMessage; response: ServerResponse; requestId: string; id: string },
): Promise<void> {
  const { request, response, requestId, id } = given;
  const query = new URL(request.url ?? '', 'http://localhost').searchParams;
  const download = await openDownload(services, { id, query });
  const { row } = download;
  const { extension, mediaType } = fileKinds[row.format];
  const sent = await sendFile(request, response, {
    path: exportRunner.pathOf(row),
    etag: `"${row.sha256}"`,
    headers: {
      'Content-Type': mediaType,
      'Content-Disposition': `attachment; filename="export-${row.createdAt.toISOString().slice(0, 10)}-${row.id.slice(0, 8)}.${extension}"`,
      'Cache-Control': 'private, no-store',
    },
    allowed: download.allowed,
  });
  if (request.method === 'GET') auditDownload(services, download, { ...sent, requestId });
}
