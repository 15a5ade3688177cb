import { afterAll, beforeAll, describe } from 'vitest';
import { createDatabase, postgresMissing } from '../kit/postgres.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../kit/server.ts';

/** The same tests on both databases; `server()` is one server for all of them, with an empty state at first. */
export function describeServersOnBoth(
  define: (server: () => TestServer) => void,
  options: Pick<TestServerOptions, 'clock' | 'connectors' | 'environment' | 'google'> = {},
): void {
  describe('on duckdb', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startTestServer(options);
    });
    afterAll(() => server.close());
    define(() => server);
  });
  const title = postgresMissing ? `on postgres (${postgresMissing})` : 'on postgres';
  describe.skipIf(postgresMissing)(title, () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startTestServer({
        ...options,
        environment: { ...options.environment, DATABASE_URL: await createDatabase() },
      });
    });
    afterAll(() => server.close());
    define(() => server);
  });
}
