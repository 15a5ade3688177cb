import { buildIfStale } from '../../src/build/build.mjs';

/** Tests run against what ships: the built programs and the built web app. */
export default async function setup(): Promise<void> {
  await buildIfStale();
}
