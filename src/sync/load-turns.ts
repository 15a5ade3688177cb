import type { Store } from '../store/store.ts';
import { selectTurns } from './turn.store.ts';
import { Turns, turnTopic, type TurnChange } from './turns.ts';

/** Fills the turns from the store and keeps them equal to what is committed from then on. */
export async function loadTurns(store: Store): Promise<Turns> {
  const turns = new Turns();
  for (const { tableId, takenAt } of await selectTurns(store.db)) {
    turns.apply({ tableIds: [tableId], takenAt: takenAt.toISOString() });
  }
  store.onCommit((events) => {
    for (const { topic, payload } of events) if (topic === turnTopic) turns.apply(payload as TurnChange);
  });
  return turns;
}
