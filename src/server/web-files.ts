import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative } from 'node:path';
import { answerStaticFile, makeStaticFile, type StaticFile } from './static-file.ts';

/** Answers with a file of the web app. */
export type WebFiles = (request: IncomingMessage, response: ServerResponse) => void;

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

const headers = { 'Content-Security-Policy': contentSecurityPolicy, 'Referrer-Policy': 'same-origin' };

/**
 * The built web app in `folder`: hashed files are kept by browsers for good; unknown paths are the app when they have no
 * extension, or name a table or a metric, whose names may have a dot.
 */
export async function openWebFiles(folder: string): Promise<WebFiles> {
  const files = await readFiles(folder);
  return (request, response) => {
    const path = decodePath(request.url ?? '/');
    const isPage = extname(path) === '' || /^\/(tables|metrics)\//.test(path);
    const file = files.get(path) ?? (isPage ? files.get('/index.html') : undefined);
    answerStaticFile(request, response, file);
  };
}

async function readFiles(folder: string): Promise<ReadonlyMap<string, StaticFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.map((path) => readWebFile(folder, path))));
}

async function readWebFile(folder: string, path: string): Promise<[name: string, file: StaticFile]> {
  const name = `/${relative(folder, path)}`;
  const form = { extension: extname(name).slice(1), lasting: name.startsWith('/assets/'), headers };
  return [name, makeStaticFile(await readFile(path), form)];
}

function decodePath(url: string): string {
  try {
    return decodeURIComponent(url.split('?')[0] ?? '/');
  } catch {
    return '/';
  }
}
