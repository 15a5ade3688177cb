import type { Variables } from '../kernel/variables.ts';
import type { Store } from '../store/store.ts';
import { secretTopic } from './load-instance-settings.ts';

/**
 * Ends what a process before left of a change of secrets, as the state says that it was decided, and lets each change count
 * once it is committed.
 */
export async function loadSecrets(store: Store, variables: Variables): Promise<void> {
  await variables.settle(async (id) => (await lastDraft(store)) === id);
  store.onCommit((events) => {
    for (const { topic, payload } of events) if (topic === secretTopic) variables.decide(draftOf(payload));
  });
}

/** Changes are made one after the other, so only the last can have been left. */
async function lastDraft({ db }: Store): Promise<string | null> {
  const row = await db
    .selectFrom('events')
    .select('payload')
    .where('topic', '=', secretTopic)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? draftOf(JSON.parse(row.payload)) : null;
}

function draftOf(payload: unknown): string {
  return (payload as { draft: string }).draft;
}
