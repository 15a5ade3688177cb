import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../../src/kernel/ids.ts';
import { listAuditEvents } from '../../../src/audit/read-audit-events.ts';
import { startTestServer, type TestServer } from '../../kit/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

test('flushes that overlap write each audit row once, and each waits until those before it are written', async () => {
  const { auditBatch, store } = server.open.services;
  const requestId = newId();
  for (let row = 0; row < 1_200; row += 1) {
    auditBatch.add({
      id: newId(),
      at: new Date(),
      actorId: null,
      actor: 'nobody',
      credential: 'none',
      action: 'statement.executed',
      resource: 'user:nobody',
      details: { row },
      requestId,
    });
  }
  const written = async () =>
    (await listAuditEvents(store, { limit: 2_000 })).filter((event) => event.requestId === requestId).length;
  const first = auditBatch.flush(store);
  await auditBatch.flush(store);
  expect(await written()).toBe(1_200);
  await Promise.all([first, auditBatch.flush(store), auditBatch.flush(store)]);
  expect(await written()).toBe(1_200);
});
