import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { median, type BenchRow } from './bench.ts';
import { PostClient } from './post-client.ts';
import { listQuery } from './list-query.ts';
import type { FromListServer, ToListServer } from './list-server.ts';

export const name = 'list';

const rounds = 40;
const warmUpRounds = 10;
const callsPerRound = 40;

const pluginsWithRules = "plugins: [ScopeAuthPlugin, ErrorsPlugin, RelayPlugin, DirectivesPlugin, 'rules', 'nodes']";
const pluginsWithout = "plugins: [ErrorsPlugin, RelayPlugin, DirectivesPlugin, 'nodes']";

/** 50 tables × 6 fields out of the real schema, against the same schema built without the plugins that enforce rules. */
export default async function bench(): Promise<BenchRow[]> {
  const ruled = await ListServer.start('list-ruled', (code) => code);
  const bare = await ListServer.start('list-bare', withoutRules);
  try {
    return [
      await measure('execute()', { ruled, bare }, (server) => server.execute(callsPerRound)),
      await measure('HTTP POST /graphql, server CPU', { ruled, bare }, (server) => server.post(callsPerRound)),
    ];
  } finally {
    await Promise.all([ruled.close(), bare.close()]);
  }
}

async function measure(
  what: string,
  { ruled, bare }: { ruled: ListServer; bare: ListServer },
  run: (server: ListServer) => Promise<number>,
): Promise<BenchRow> {
  const times = { ruled: [] as number[], bare: [] as number[] };
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    const [withRules, without] = [await run(ruled), await run(bare)];
    if (round < 0) continue;
    times.ruled.push(withRules);
    times.bare.push(without);
  }
  const [subject, baseline] = [median(times.ruled), median(times.bare)].map((time) => (time * 1000) / callsPerRound);
  return {
    what: `list of 50 × 6 with our rules ÷ without, ${what}`,
    ratio: subject! / baseline!,
    note: `CPU ${subject!.toFixed(0)} µs ÷ ${baseline!.toFixed(0)} µs, medians of ${rounds}`,
  };
}

function withoutRules(code: string): string {
  if (!code.includes(pluginsWithRules))
    throw new Error('schema/builder.ts names other plugins than the benchmark knows');
  return code.replace(pluginsWithRules, pluginsWithout);
}

/** One variant of the server as a process. */
class ListServer {
  readonly #child: ChildProcess;
  readonly #client: PostClient;

  constructor(child: ChildProcess, client: PostClient) {
    this.#child = child;
    this.#client = client;
  }

  static async start(variant: string, changeBuilder: (code: string) => string): Promise<ListServer> {
    const file = join(packageRoot, `dist/bench/${variant}.js`);
    await bundle(file, changeBuilder);
    const child = fork(file, { execArgv: [] });
    const door = (await nextMessage(child)) as { url: string; token: string };
    return new ListServer(child, new PostClient(door));
  }

  /** CPU milliseconds of so many executions. */
  execute(calls: number): Promise<number> {
    return this.#ask({ execute: calls });
  }

  /** CPU milliseconds that the server needs for so many requests, one after the other. */
  async post(calls: number): Promise<number> {
    const before = await this.#ask({ cpu: true });
    for (let call = 0; call < calls; call += 1) await this.#client.post({ query: listQuery });
    return (await this.#ask({ cpu: true })) - before;
  }

  async close(): Promise<void> {
    this.#client.close();
    const ended = once(this.#child, 'close');
    this.#child.send({ close: true } satisfies ToListServer);
    await ended;
  }

  async #ask(message: ToListServer): Promise<number> {
    this.#child.send(message);
    return ((await nextMessage(this.#child)) as { cpuMilliseconds: number }).cpuMilliseconds;
  }
}

async function nextMessage(child: ChildProcess): Promise<FromListServer> {
  const [message] = (await once(child, 'message')) as [FromListServer];
  return message;
}

async function bundle(file: string, changeBuilder: (code: string) => string): Promise<void> {
  const builder = join(packageRoot, 'schema/builder.ts');
  const built = await rolldown({
    input: join(packageRoot, 'tests/bench/list-server.ts'),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
    plugins: [{ name: 'rules', transform: (code, id) => (id === builder ? changeBuilder(code) : null) }],
  });
  await built.write({ file, format: 'esm', codeSplitting: false });
}
