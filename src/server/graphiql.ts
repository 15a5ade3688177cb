import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import { sha256 } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';

const compress = promisify(gzip);

const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface GraphiqlFile {
  readonly type: string;
  readonly etag: string;
  readonly gzipped: Buffer;
  readonly headers: Record<string, string>;
}

/** Takes the requests to `/graphiql` and below; false, and nothing done, for all others. */
export type GraphiqlHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * GraphiQL without any foreign host: a small page and hashed files that browsers keep for good. It uses the session of the
 * browser, and server-sent events for subscriptions. The files are made at the first request.
 */
export function createGraphiql({ defaultQuery, log }: { defaultQuery: string; log: Log }): GraphiqlHandler {
  let making: Promise<ReadonlyMap<string, GraphiqlFile>> | undefined;
  return (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    if (path !== '/graphiql' && !path.startsWith('/graphiql/')) return false;
    making ??= makeFiles(defaultQuery);
    making.then(
      (files) => answer(request, response, files.get(path)),
      (error: unknown) => {
        making = undefined;
        log.error({ error }, 'GraphiQL could not be made');
        response.writeHead(500).end();
      },
    );
    return true;
  };
}

function answer(request: IncomingMessage, response: ServerResponse, file: GraphiqlFile | undefined): void {
  if (!file) return void response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is no such file.');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return void response.writeHead(405, { Allow: 'GET, HEAD' }).end();
  }
  const headers = { ...file.headers, ETag: file.etag, Vary: 'Accept-Encoding', 'X-Content-Type-Options': 'nosniff' };
  if (request.headers['if-none-match'] === file.etag) return void response.writeHead(304, headers).end();
  const asGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  response.writeHead(200, { ...headers, 'Content-Type': file.type, ...(asGzip ? gzipHeaders(file) : {}) });
  if (request.method === 'HEAD') return void response.end();
  if (asGzip) return void response.end(file.gzipped);
  const plain = createGunzip();
  plain.pipe(response);
  plain.end(file.gzipped);
}

function gzipHeaders(file: GraphiqlFile): Record<string, string | number> {
  return { 'Content-Encoding': 'gzip', 'Content-Length': file.gzipped.length };
}

async function makeFiles(defaultQuery: string): Promise<ReadonlyMap<string, GraphiqlFile>> {
  const parts = await import('@graphql-yoga/render-graphiql/graphiql');
  const [styles, program, editor, json, graphql] = await Promise.all([
    hashedFile(parts.css, 'css'),
    hashedFile(parts.js, 'js'),
    hashedFile(parts.editorWorkerService, 'js'),
    hashedFile(parts.jsonWorker, 'js'),
    hashedFile(parts.graphqlWorker, 'js'),
  ]);
  const workers = { editorWorkerService: editor.path, json: json.path, graphql: graphql.path };
  const [before, after] = await Promise.all([
    hashedFile(
      `const workers = ${JSON.stringify(workers)};
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => workers[label] };
`,
      'js',
    ),
    hashedFile(
      `YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), ${JSON.stringify(settings(defaultQuery))});
`,
      'js',
    ),
  ]);
  const page = await makeFile(pageText({ styles: styles.path, scripts: [before.path, program.path, after.path] }), {
    type: 'text/html; charset=utf-8',
    headers: { 'Cache-Control': 'no-cache', 'Content-Security-Policy': contentSecurityPolicy },
  });
  const hashed = [styles, program, editor, json, graphql, before, after];
  return new Map([['/graphiql', page], ['/graphiql/', page], ...hashed.map(({ path, file }) => [path, file] as const)]);
}

/** By itself it would subscribe by `GET`, which the door answers only to tokens. */
function settings(defaultQuery: string) {
  return {
    endpoint: '/graphql',
    method: 'POST',
    subscriptionsProtocol: 'SSE',
    credentials: 'same-origin',
    title: 'GraphiQL',
    defaultQuery,
  };
}

async function hashedFile(text: string, extension: 'css' | 'js') {
  const type = extension === 'css' ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
  const path = `/graphiql/${sha256(text).slice(0, 16)}.${extension}`;
  const headers = { 'Cache-Control': 'public, max-age=31536000, immutable' };
  return { path, file: await makeFile(text, { type, headers }) };
}

async function makeFile(
  text: string,
  { type, headers }: Pick<GraphiqlFile, 'type' | 'headers'>,
): Promise<GraphiqlFile> {
  return { type, headers, etag: `"${sha256(text).slice(0, 32)}"`, gzipped: await compress(text) };
}

function pageText({ styles, scripts }: { styles: string; scripts: readonly string[] }): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>GraphiQL</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${styles}" />
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    ${scripts.map((script) => `<script src="${script}"></script>`).join('\n    ')}
  </body>
</html>
`;
}
