import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import { sha256 } from '../kernel/ids.ts';

const compress = promisify(gzip);

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json; charset=utf-8',
  sh: 'text/x-shellscript; charset=utf-8',
};

/** A file as it is sent, kept in memory. */
export interface StaticFile {
  readonly etag: string;
  /** Its bytes, compressed for the way unless `packed`. */
  readonly content: Buffer;
  /** Whether it is an archive, which goes out as it is. */
  readonly packed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** Prepares a file whose type follows from `extension` (without the dot); a `lasting` one browsers keep for good. */
export async function makeStaticFile(
  content: string | Buffer,
  { extension, lasting, headers }: { extension: string; lasting: boolean; headers?: Record<string, string> },
): Promise<StaticFile> {
  return {
    // Weak: the same for the compressed and the plain form.
    etag: `W/"${sha256(content).slice(0, 32)}"`,
    content: await compress(content, { level: 9 }),
    packed: false,
    headers: {
      ...headers,
      'Content-Type': types[extension] ?? 'application/octet-stream',
      'Cache-Control': lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  };
}

/** Prepares an archive of this media type; browsers and npm ask each time whether it is still the same. */
export function makePackedFile(content: Buffer, { type }: { type: string }): StaticFile {
  const headers = { 'Content-Type': type, 'Cache-Control': 'no-cache' };
  return { etag: `"${sha256(content)}"`, content, packed: true, headers };
}

/** Answers GET and HEAD with `file`, by 304 when the browser has it; undefined is answered by 404. */
export function answerStaticFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: StaticFile | undefined,
): void {
  const plainText = { 'Content-Type': 'text/plain; charset=utf-8' };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return void response.writeHead(405, { ...plainText, Allow: 'GET, HEAD' }).end('Use GET.\n');
  }
  if (!file) return void response.writeHead(404, plainText).end('There is nothing here.\n');
  const headers = { ...file.headers, ETag: file.etag, ...(!file.packed && { Vary: 'Accept-Encoding' }) };
  if (namesEtag(request.headers['if-none-match'], file.etag)) return void response.writeHead(304, headers).end();
  if (file.packed || acceptsGzip(request.headers['accept-encoding'])) {
    const encoding = !file.packed && { 'Content-Encoding': 'gzip' };
    response.writeHead(200, { ...headers, ...encoding, 'Content-Length': file.content.length });
    return void response.end(request.method === 'HEAD' ? undefined : file.content);
  }
  response.writeHead(200, headers);
  if (request.method === 'HEAD') return void response.end();
  const plain = createGunzip();
  plain.pipe(response);
  plain.end(file.content);
}

function namesEtag(header: string | undefined, etag: string): boolean {
  const strong = etag.replace(/^W\//, '');
  return (header ?? '').split(',').some((name) => name.trim() === '*' || name.trim().replace(/^W\//, '') === strong);
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  return /(^|,)\s*gzip\s*(,|$|;\s*q=(1|0\.0*[1-9]))/i.test(String(header ?? ''));
}
