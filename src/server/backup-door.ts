import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { takeBackup } from '../distribution/take-backup.ts';
import { runOperation } from '../operation/define-operation.ts';
import { backupLines } from '../store/copy/backup-file.ts';
import { readSchemaVersion, readState } from '../store/copy/read-state.ts';
import { answerSentence } from './answer-sentence.ts';
import { listDataFiles } from './backup-files.ts';
import { clientOf } from './client-address.ts';
import { authenticateRequest, type Instance } from './instance.ts';

/** What `/backup` needs. */
export interface BackupDoor {
  readonly instance: Instance;
  readonly dataDir: string;
}

/**
 * Answers `GET /backup` for an administrator: the state as of one instant while the server goes on, gzipped, and a list of the files
 * beside it. An answer that breaks off has no last line, by which whoever restores it sees that it is not whole.
 */
export async function answerBackup(
  { instance, dataDir }: BackupDoor,
  { request, response, requestId }: { request: IncomingMessage; response: ServerResponse; requestId: string },
): Promise<void> {
  if (request.method !== 'GET') {
    response.setHeader('Allow', 'GET');
    return answerSentence(response, 405, 'Use GET.');
  }
  const { services } = instance;
  const principal = await authenticateRequest(instance, request);
  const caller = { principal, requestId, client: clientOf(instance, request) };
  await runOperation(takeBackup, { input: {}, caller, services });
  const header = {
    backup: 1 as const,
    version: instance.facts.version,
    schemaVersion: await readSchemaVersion(services.store),
    takenAt: services.clock.now().toISOString(),
  };
  response.writeHead(200, { 'Content-Type': 'application/gzip', 'Cache-Control': 'no-store' });
  const lines = backupLines({ header, pages: readState(services.store), files: listDataFiles(dataDir) });
  await pipeline(Readable.from(lines), createGzip(), response).catch((error: Error) => {
    instance.log.warn({ err: error, requestId }, 'a backup broke off');
  });
}
