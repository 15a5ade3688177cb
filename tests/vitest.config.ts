import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const long = process.env['AGNES_TESTS'] === 'long';

/** Usual tests that try something more often in the long run: those that use `tests/kit/times.ts`. */
const counting = [
  'tests/api/access/roles.test.ts',
  'tests/api/identity/sign-in.test.ts',
  'tests/api/sharing/revoke-race.test.ts',
  'tests/connectors/jira-webhooks.test.ts',
  'tests/engine/statement-export.test.ts',
  'tests/store/own-versions.test.ts',
];

export default defineConfig({
  // One copy of graphql: vitest would load its ES module for our sources and the CommonJS one for packages.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: long ? ['tests/long/**/*.test.ts', ...counting] : ['{src,schema,connectors,web,tests}/**/*.test.ts'],
    exclude: long ? ['node_modules/**'] : ['node_modules/**', 'tests/long/**'],
    globalSetup: ['tests/kit/global-setup.ts'],
    reporters: ['default', './tests/kit/closing-line.ts'],
    pool: 'forks',
    // One more than cores: a worker waits for what it has started about a third of its time.
    maxWorkers: availableParallelism() + 1,
    // One process takes many files and keeps the modules: loading them anew for each took a third of the time.
    isolate: false,
    testTimeout: long ? 1_800_000 : 60_000,
    hookTimeout: 60_000,
  },
});
