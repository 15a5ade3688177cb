// Bundled twice by list.bench.ts, with our rules and without, and run as a process of its own each time, as it ships.
import { execute, parse, type ExecutionResult } from 'graphql';
import { createContext } from '../../schema/context.ts';
import { schema } from '../../schema/schema.ts';
import { authenticateBearer } from '../../src/identity/authenticate.ts';
import { startTestServer } from '../kit/server.ts';
import { listQuery } from './list-query.ts';
import { registerTables } from './registered-tables.ts';

/** What the parent asks for: to execute the list so many times, or how much CPU time was used so far. */
export type ToListServer = { execute: number } | { cpu: true } | { close: true };

/** The first message tells the door, each later one the CPU time that was asked for, in milliseconds. */
export type FromListServer = { url: string; token: string } | { cpuMilliseconds: number };

const items = 50;

const server = await startTestServer();
const { services } = server.open;
await registerTables(services, items);
const { token } = await server.person('ana', ['core.viewer']);
const principal = authenticateBearer(services, token, '127.0.0.1');
const instance = { name: 'Agnes', version: 'bench', developmentMode: false, publicUrl: 'http://127.0.0.1:8000' };
const document = parse(listQuery);

process.on('message', (message: ToListServer) => void answer(message));
process.on('disconnect', () => process.exit());
say({ url: server.url, token });

async function answer(message: ToListServer): Promise<void> {
  if ('close' in message) {
    await server.close();
    process.exit();
  }
  const before = process.cpuUsage();
  if ('execute' in message) for (let call = 0; call < message.execute; call += 1) await executeList();
  const { user, system } = process.cpuUsage('execute' in message ? before : undefined);
  say({ cpuMilliseconds: (user + system) / 1000 });
}

async function executeList(): Promise<void> {
  const contextValue = createContext({ principal, requestId: 'bench', services, instance });
  const { data, errors } = (await execute({ schema, document, contextValue })) as ExecutionResult;
  const tables = data?.['tables'] as { edges: unknown[] } | undefined;
  if (tables?.edges.length !== items) throw new Error(`the list is not whole: ${JSON.stringify(errors)}`);
}

function say(message: FromListServer): void {
  process.send?.(message);
}
