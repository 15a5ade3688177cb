import { isRecord } from './issue.ts';
import type { RawStore } from './raw-store.ts';

/** Months of which a check found the tables wrong, each with when: they are written anew though their issues are the same. */
export type Rewrites = Readonly<Record<string, unknown>>;

/** The months that checks marked so far. */
export async function readRewrites(store: RawStore): Promise<Rewrites> {
  const value = await store.readJson('rewrites.json');
  return isRecord(value) ? value : {};
}

/** Keeps the marks, durably: a run that is cut off leaves them to the next. */
export async function writeRewrites(store: RawStore, rewrites: Rewrites): Promise<void> {
  await store.writeFile('rewrites.json', JSON.stringify(rewrites));
}
