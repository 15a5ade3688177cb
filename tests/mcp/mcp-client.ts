import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { program } from '../cli/run-da.ts';

/** A connected client of the SDK over `/mcp`; headers besides the token may be given. */
export async function connectHttp(url: string, headers: Record<string, string>): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }));
  return client;
}

/** A connected client of the SDK over the stdin and stdout of `da mcp` in a folder. */
export async function connectStdio(given: {
  cwd: string;
  env: Record<string, string>;
  words?: readonly string[];
}): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, 'mcp', ...(given.words ?? [])],
    cwd: given.cwd,
    env: { ...getDefaultEnvironment(), ...given.env },
    stderr: 'pipe',
  });
  await client.connect(transport);
  return client;
}

/** What a tool answered. */
export interface Told {
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly facts: any;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly data: any;
  /** Everything that stands outside of the marked data. */
  readonly outside: string;
  readonly isError: boolean;
}

/** Calls a tool, and takes its answer apart at the markers. */
export async function call(client: Client, name: string, input: Record<string, unknown> = {}): Promise<Told> {
  return takeApart((await client.callTool({ name, arguments: input })) as CallToolResult);
}

function takeApart(result: CallToolResult): Told {
  const [first, second, ...more] = result.content.map((block) => (block.type === 'text' ? block.text : ''));
  if (first === undefined || second === undefined || more.length > 0) throw new Error(JSON.stringify(result));
  const { data, outside } = unmark(`${first}\n${second}`);
  const { data: structured, ...around } = result.structuredContent ?? {};
  if (!result.isError && JSON.stringify(structured) !== JSON.stringify(data)) throw new Error('not the same twice');
  return {
    facts: JSON.parse(first.split('\n')[0]!),
    data,
    outside: `${outside}${JSON.stringify(around)}`,
    isError: result.isError === true,
  };
}

/** The one marked piece of a text as JSON, and what stands around it. */
export function unmark(text: string): { data: unknown; outside: string } {
  const pieces = /^([^]*)\n<data ([0-9a-f]{32})>\n([^]*)\n<\/data \2>\n?$/.exec(text);
  if (!pieces) throw new Error(`not marked: ${text}`);
  const lines = pieces[3]!.split('\n').map((line) => JSON.parse(line) as unknown);
  return { data: lines.length === 1 ? lines[0] : lines, outside: pieces[1]! };
}
