// The programs that ship: each entry becomes one file in `dist/` with the npm packages it needs, because to find and open a thousand
// small files takes half of the time of a start. `da` is split, so that a command loads what it needs and no more: what is imported lazily
// stands in files of its own.
export const bundles = [
  { input: 'src/server/main.ts', file: 'dist/server.js' },
  { input: 'src/demo/main.ts', file: 'dist/demo.js' },
  { input: 'src/engine/statement-child.ts', file: 'dist/statement-child.js' },
  { input: 'connectors/extract/extract-child.ts', file: 'dist/extract-child.js' },
  { input: 'src/cli/main.ts', file: 'dist/da.js', chunks: 'da/[name]-[hash].js' },
];

/** What stays a package of its own: native parts, what is optional, and what is large and imported lazily. */
export const outside = [
  /^@duckdb\/node-bindings/,
  /^@node-rs\//,
  /^(pg-native|bufferutil|utf-8-validate)$/,
  /^(@google-cloud\/bigquery|@graphql-yoga\/render-graphiql)/,
];
