import { test } from 'vitest';
import { killUnderWebhooks } from '../connectors/kill-webhooks.ts';

test('3000 webhooks and ten kills of the server end in exactly what Jira has', async () => {
  await killUnderWebhooks({ events: 3000, kills: 10 });
}, 1_200_000);
