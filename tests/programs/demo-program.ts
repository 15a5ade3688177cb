import { expect } from 'vitest';
import { askData } from './first-steps.ts';
import { startProgram, type Program } from './program.ts';

/** How many tables the sample company has. */
export const tables = 9;

/** Starts a demo; on any free port unless one is given. */
export function startDemo(dataDir: string, port = 0): Program {
  return startProgram('demo', { DATA_DIR: dataDir, PORT: String(port) });
}

/** The address of a demo that is ready. */
export async function readyAt(demo: Program): Promise<string> {
  await demo.prints(/^Ready\. /m);
  return /Web\s+(http:\S+?)\/\n/.exec(demo.printed())![1]!;
}

/** Ends a demo as somebody at its terminal does. */
export async function stop(demo: Program): Promise<void> {
  demo.signal('SIGTERM');
  expect(await demo.ended).toBe(0);
}

/** Expects the sample company with all its tables. */
export async function expectWhole(url: string): Promise<void> {
  const query =
    '{ sources { name tables { name syncState { status } } } syncRuns(first: 100) { edges { node { state } } } }';
  const { sources } = await askData(url, { as: null, query });
  expect(sources).toHaveLength(1);
  expect(sources[0].tables.map(({ syncState }: any) => syncState.status)).toEqual(Array(tables).fill('OK'));
}
