import { payloadOf } from '../connection/answer.ts';
import type { Connection } from '../connection/connection.ts';
import { request } from '../connection/request.ts';
import { CommandFailure, exitCodes, failed } from '../failure.ts';
import { printNotice } from '../output/streams.ts';
import { CreateSource } from '../registry/create-source.ts';
import { offeredTables, type OfferedTable } from '../registry/offered-tables.ts';
import { register } from '../registry/register-tables.ts';
import { StartSync } from '../sync-run/documents.ts';
import { printTables } from '../sync-run/print-run.ts';
import { watchRun } from '../sync-run/watch-run.ts';
import { askConfig } from './complete-plan.ts';
import { SetupState } from './documents.ts';
import type { SetupPlan } from './plan.ts';
import type { Prompt } from './prompt.ts';

/** Connects the source of the plan, registers its tables and brings their rows; nothing when the plan has none. */
export async function connectSource(
  connection: Connection,
  { plan, prompt }: { plan: SetupPlan; prompt: Prompt | null },
): Promise<void> {
  const source = plan.sourceName;
  if (source === undefined || plan.skip.includes('source')) return;
  await makeSource(connection, { plan, source, prompt });
  const offered = await offeredTables(connection, source);
  const free = offered.filter(({ registered }) => registered.length === 0);
  const chosen = free.length === 0 ? [] : chooseTables(offered, plan.tables ?? (await askTables(free, prompt)));
  if (chosen.length > 0) {
    const tables = chosen.map(({ name, description, options }) => ({ name, description, options }));
    const registered = await register(connection, { source, tables });
    printNotice(`Registered ${registered.map(({ sqlName }) => sqlName).join(', ')}.`);
  }
  await syncSource(connection, source);
}

async function makeSource(
  connection: Connection,
  { plan, source, prompt }: { plan: SetupPlan; source: string; prompt: Prompt | null },
): Promise<void> {
  const state = await request(connection, SetupState);
  if (state.sources?.some(({ name }) => name === source)) return printNotice(`The source ${source} is there already.`);
  const connector = plan.connector ?? '';
  let config = plan.config ?? {};
  for (;;) {
    try {
      const result = await request(connection, CreateSource, { input: { name: source, connector, config } });
      payloadOf(result.createSource, 'CreateSourcePayload');
      return printNotice(`The source ${source} is connected.`);
    } catch (error) {
      const refused = error instanceof CommandFailure && error.exitCode === exitCodes.wrongUsage;
      if (!prompt || !refused || !state.connectors?.some(({ kind }) => kind === connector)) throw error;
      prompt.say(error.message);
      config = await askConfig({ facts: { connectors: state.connectors }, connector, prompt });
    }
  }
}

async function askTables(free: readonly OfferedTable[], prompt: Prompt | null): Promise<'all' | string[]> {
  prompt?.say(`It offers: ${free.map(({ name }) => name).join(', ')}.`);
  const typed = (await prompt?.line('Which tables, separated by commas', 'all')) ?? 'all';
  return typed === 'all' ? 'all' : typed.split(',').map((name) => name.trim());
}

/** The offered relations of these names that no table reads yet; a name that is not offered is a failure. */
function chooseTables(offered: readonly OfferedTable[], names: 'all' | readonly string[]): OfferedTable[] {
  const unknown = names === 'all' ? undefined : names.find((name) => !offered.some((offer) => offer.name === name));
  if (unknown !== undefined) {
    throw failed(`The source does not offer ${unknown}; it offers: ${offered.map(({ name }) => name).join(', ')}.`);
  }
  return offered.filter(({ name, registered }) => registered.length === 0 && (names === 'all' || names.includes(name)));
}

async function syncSource(connection: Connection, source: string): Promise<void> {
  const start = async () =>
    payloadOf((await request(connection, StartSync, { input: { source } })).startSync, 'StartSyncPayload').run;
  const run = await watchRun(connection, { source, start });
  printTables(run);
  if (run.state !== 'SUCCEEDED') {
    throw new CommandFailure(
      run.state === 'PARTIAL' ? exitCodes.partlyDone : exitCodes.failed,
      run.error ?? `The sync of ${source} did not bring all tables; \`da sync status\` says why.`,
    );
  }
}
