import type { IncomingMessage, ServerResponse } from 'node:http';
import { sha256 } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import { graphiqlExamples } from './graphiql-examples.ts';
import { answerStaticFile, makeStaticFile, type StaticFile } from './static-file.ts';

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

/** Takes the requests to `/graphiql` and below; false, and nothing done, for all others. */
export type GraphiqlHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * GraphiQL without any foreign host: a small page and hashed files that browsers keep for good. It uses the session of the
 * browser, and server-sent events for subscriptions. The files are made at the first request.
 */
export function createGraphiql({ defaultQuery, log }: { defaultQuery: string; log: Log }): GraphiqlHandler {
  let making: Promise<ReadonlyMap<string, StaticFile>> | undefined;
  return (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    if (path !== '/graphiql' && !path.startsWith('/graphiql/')) return false;
    making ??= makeFiles(defaultQuery);
    making.then(
      (files) => answerStaticFile(request, response, files.get(path)),
      (error: unknown) => {
        making = undefined;
        log.error({ error }, 'GraphiQL could not be made');
        response.writeHead(500).end();
      },
    );
    return true;
  };
}

async function makeFiles(defaultQuery: string): Promise<ReadonlyMap<string, StaticFile>> {
  const parts = await import('@graphql-yoga/render-graphiql/graphiql');
  const styles = hashedFile(parts.css, 'css');
  const program = hashedFile(parts.js, 'js');
  const editor = hashedFile(parts.editorWorkerService, 'js');
  const json = hashedFile(parts.jsonWorker, 'js');
  const graphql = hashedFile(parts.graphqlWorker, 'js');
  const workers = { editorWorkerService: editor.path, json: json.path, graphql: graphql.path };
  const before = hashedFile(
    `const workers = ${JSON.stringify(workers)};
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => workers[label] };
`,
    'js',
  );
  const after = hashedFile(
    `YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), ${JSON.stringify(settings(defaultQuery))});
`,
    'js',
  );
  const page = makeStaticFile(pageText({ styles: styles.path, scripts: [before.path, program.path, after.path] }), {
    extension: 'html',
    lasting: false,
    headers: { 'Content-Security-Policy': contentSecurityPolicy },
  });
  const hashed = [styles, program, editor, json, graphql, before, after];
  return new Map([['/graphiql', page], ['/graphiql/', page], ...hashed.map(({ path, file }) => [path, file] as const)]);
}

/** By itself it would subscribe by `GET`, which the door answers only to tokens. Who comes for the first time finds the examples in tabs. */
function settings(defaultQuery: string) {
  return {
    endpoint: '/graphql',
    method: 'POST',
    subscriptionsProtocol: 'SSE',
    credentials: 'same-origin',
    title: 'GraphiQL',
    defaultQuery,
    defaultTabs: [defaultQuery, ...graphiqlExamples].map((query) => ({ query })),
  };
}

function hashedFile(text: string, extension: 'css' | 'js') {
  const path = `/graphiql/${sha256(text).slice(0, 16)}.${extension}`;
  return { path, file: makeStaticFile(text, { extension, lasting: true }) };
}

function pageText({ styles, scripts }: { styles: string; scripts: readonly string[] }): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
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
