import type { IncomingMessage, ServerResponse } from 'node:http';
import { auditUploadDownload, openUpload } from '../distribution/open-upload.ts';
import { DownloadRefusedError, principalOfSignedUrl } from '../distribution/signed-download.ts';
import { storeUpload, uploadInput } from '../distribution/store-upload.ts';
import type { UploadKeeper } from '../distribution/upload-keeper.ts';
import { UploadRefusedError } from '../distribution/upload-refused.ts';
import { UnauthenticatedError } from '../kernel/errors.ts';
import type { Principal } from '../operation/principal.ts';
import { demand, demandWriter } from '../operation/rule.ts';
import { answerSentence } from './answer-sentence.ts';
import { clientOf } from './client-address.ts';
import { authenticateRequest, type Instance } from './instance.ts';
import { sendFile } from './send-file.ts';

/** What `/uploads/…` needs. */
export interface UploadDoor {
  readonly instance: Instance;
  readonly keeper: UploadKeeper;
}

interface UploadExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

/**
 * Answers `PUT /uploads/<sha256>?kind=note&name=notes/plan.md`, whose body is the content (201: it is stored; 200: it was), and
 * `GET /uploads/<id>`, by bearer token or signed URL, which is never shown as a page.
 */
export async function answerUpload(door: UploadDoor, exchange: UploadExchange): Promise<void> {
  const { request, response } = exchange;
  const { method = '' } = request;
  if (!['PUT', 'GET', 'HEAD'].includes(method)) {
    response.setHeader('Allow', 'PUT, GET, HEAD');
    return answerSentence(response, 405, 'Use PUT or GET.');
  }
  try {
    await (method === 'PUT' ? take(door, exchange) : give(door, exchange));
  } catch (error) {
    // Whatever is still on its way of the body is not read.
    if (method === 'PUT') response.setHeader('Connection', 'close');
    if (!(error instanceof UploadRefusedError || error instanceof DownloadRefusedError)) throw error;
    answerSentence(response, error.status, error.message);
  }
}

async function take({ instance, keeper }: UploadDoor, exchange: UploadExchange): Promise<void> {
  const { request, response, requestId } = exchange;
  const { pathname, searchParams } = urlOf(request);
  const principal = await authenticate(instance, request);
  demandWriter(principal);
  demand(storeUpload.rule, principal);
  const asked = { sha256: pathname.slice('/uploads/'.length), ...Object.fromEntries(searchParams) };
  const { data, error } = uploadInput.safeParse(asked);
  if (!data)
    throw new UploadRefusedError(
      400,
      error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
    );
  const length = request.headers['content-length'];
  const { upload, isNew } = await keeper.receive({
    ...data,
    announcedBytes: length === undefined ? undefined : Number(length),
    body: request,
    caller: { principal, requestId, client: clientOf(instance, request) },
  });
  if (!isNew) request.resume();
  const { id, sizeBytes } = upload;
  response.writeHead(isNew ? 201 : 200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify({ id: `Upload:${id}`, sizeBytes }));
}

async function give({ instance, keeper }: UploadDoor, exchange: UploadExchange): Promise<void> {
  const { request, response, requestId } = exchange;
  const { pathname, searchParams } = urlOf(request);
  const { services } = instance;
  const principal = searchParams.has('signature')
    ? principalOfSignedUrl(services, { path: pathname, query: searchParams })
    : await authenticate(instance, request);
  demand(storeUpload.rule, principal);
  const download = await openUpload(services, { principal, id: pathname.slice('/uploads/'.length) });
  const { upload } = download;
  const fileName = encodeURIComponent(upload.name.split('/').at(-1)!).replaceAll(/['()*]/g, escapeCharacter);
  const sent = await sendFile(request, response, {
    path: keeper.pathOf(upload),
    etag: `"${upload.sha256}"`,
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename="upload"; filename*=UTF-8''${fileName}`,
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cache-Control': 'private, no-store',
    },
    allowed: download.allowed,
  });
  if (request.method === 'GET') auditUploadDownload(services, download, { ...sent, requestId });
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '', 'http://localhost');
}

function escapeCharacter(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

async function authenticate(instance: Instance, request: IncomingMessage): Promise<Principal> {
  const principal = await authenticateRequest(instance, request);
  if (!principal) throw new UnauthenticatedError();
  return principal;
}
