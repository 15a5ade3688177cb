import { test } from 'vitest';
import { killUnderWebhooks } from './kill-webhooks.ts';

test('80 webhooks over 20 issues and two kills of the server end in exactly what Jira has', async () => {
  await killUnderWebhooks({ events: 80, kills: 2 });
}, 240_000);
