import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative } from 'node:path';

/** Answers with a file of the web app. */
export type WebFiles = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
};

/** The built web app in `folder`: hashed files are kept by browsers for good, unknown paths without extension are the app. */
export async function openWebFiles(folder: string): Promise<WebFiles> {
  const files = await listFiles(folder);
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return notFound(response, 405);
    const path = decodePath(request.url ?? '/');
    const name = files.has(path) ? path : extname(path) === '' ? '/index.html' : null;
    if (name === null || !files.has(name)) return notFound(response, 404);
    const { size } = await stat(join(folder, name));
    response.writeHead(200, {
      'Content-Type': types[extname(name)] ?? 'application/octet-stream',
      'Content-Length': size,
      'Cache-Control': name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      'Content-Security-Policy': contentSecurityPolicy,
      'Referrer-Policy': 'same-origin',
    });
    if (request.method === 'HEAD') return void response.end();
    createReadStream(join(folder, name)).pipe(response);
  };
}

async function listFiles(folder: string): Promise<Set<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Set(files.map((file) => `/${relative(folder, file)}`));
}

function decodePath(url: string): string {
  try {
    return decodeURIComponent(url.split('?')[0] ?? '/');
  } catch {
    return '/';
  }
}

function notFound(response: ServerResponse, status: 404 | 405): void {
  const text = status === 404 ? 'There is nothing here.\n' : 'Use GET.\n';
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}
