import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
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
  readonly content: Buffer;
  /** Its bytes for the way, made when somebody asks for them first; null for an archive, which goes out as it is. */
  readonly compressed: (() => Promise<Buffer>) | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Prepares a file whose type follows from `extension` (without the dot); a `lasting` one browsers keep for good. */
export function makeStaticFile(
  text: string | Buffer,
  { extension, lasting, headers }: { extension: string; lasting: boolean; headers?: Record<string, string> },
): StaticFile {
  const content = Buffer.from(text);
  let compressed: Promise<Buffer> | undefined;
  return {
    // Weak: the same for the compressed and the plain form.
    etag: `W/"${sha256(content).slice(0, 32)}"`,
    content,
    compressed: () => (compressed ??= compress(content, { level: 9 })),
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
  return { etag: `"${sha256(content)}"`, content, compressed: null, headers };
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
  void send(request, response, file).catch((error: Error) => response.destroy(error));
}

async function send(request: IncomingMessage, response: ServerResponse, file: StaticFile): Promise<void> {
  const headers = { ...file.headers, ETag: file.etag, ...(file.compressed && { Vary: 'Accept-Encoding' }) };
  if (namesEtag(request.headers['if-none-match'], file.etag)) return void response.writeHead(304, headers).end();
  const compressed = acceptsGzip(request.headers['accept-encoding']) && (await file.compressed?.());
  const encoding = compressed && { 'Content-Encoding': 'gzip' };
  const content = compressed || file.content;
  response.writeHead(200, { ...headers, ...encoding, 'Content-Length': content.length });
  response.end(request.method === 'HEAD' ? undefined : content);
}

function namesEtag(header: string | undefined, etag: string): boolean {
  const strong = etag.replace(/^W\//, '');
  return (header ?? '').split(',').some((name) => name.trim() === '*' || name.trim().replace(/^W\//, '') === strong);
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  return /(^|,)\s*gzip\s*(,|$|;\s*q=(1|0\.0*[1-9]))/i.test(String(header ?? ''));
}
