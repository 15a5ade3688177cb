import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { dataLine } from '../kernel/data-line.ts';
import { answerShape, failedResult, markData, toolResult } from './answer.ts';
import { guideFor, instructions } from './guide.ts';
import type { Place } from './place.ts';
import { ToolFailure } from './tool-failure.ts';
import type { Tool } from './tool.ts';
import { tableAnswer } from './tools/describe-table.ts';
import { tools } from './tools.ts';

/** Where the tools look, and what becomes of errors that nobody expected. */
export interface McpOptions {
  readonly version: string;
  readonly place: Place;
  /** Where they look when a caller asks for the server; absent: `place` is all there is. */
  readonly remotePlace?: Place;
  /** Tells the operator of an error that is no `ToolFailure`; what it returns is told to the caller. */
  onUnexpected(error: unknown): string;
}

const readOnly = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const remote = z.boolean().optional().describe('Ask the server instead of the copies in this workspace.');

/** The MCP server of one caller, not yet connected: the tools, the guide, and the schema of each table. */
export function createMcpServer(options: McpOptions): McpServer {
  const server = new McpServer({ name: 'agnes', title: 'Agnes', version: options.version }, { instructions });
  for (const tool of tools) registerTool(server, tool, options);
  registerResources(server, options);
  // What is registered stays the same as long as the server does.
  server.server.registerCapabilities({ tools: { listChanged: false }, resources: { listChanged: false } });
  return server;
}

function registerTool(server: McpServer, tool: Tool, options: McpOptions): void {
  const { name, title, description, input, run } = tool;
  const inputSchema = z.strictObject(options.remotePlace ? { ...input, remote } : input);
  server.registerTool(
    name,
    { title, description, inputSchema, outputSchema: answerShape, annotations: { title, ...readOnly } },
    async ({ remote: wantsRemote, ...given }: Record<string, unknown>, { signal }) => {
      const place = wantsRemote === true ? (options.remotePlace ?? options.place) : options.place;
      try {
        return toolResult(await run({ place, input: given, signal }));
      } catch (error) {
        return failedResult(asToolFailure(error, options));
      }
    },
  );
}

function registerResources(server: McpServer, options: McpOptions): void {
  const { place } = options;
  server.registerResource(
    'guide',
    'agnes://guide',
    {
      title: 'Guide',
      description: 'The rules, the metrics, and the tables with their columns.',
      mimeType: 'text/plain',
    },
    (uri, { signal }) => readResource(uri, () => guideFor(place, signal), options),
  );
  // They are not listed one by one: a list has no place where names could be marked as data.
  server.registerResource(
    'table',
    new ResourceTemplate('agnes://tables/{sqlName}', { list: undefined }),
    {
      title: 'Schema of a table',
      description: 'Where the rows of one table are, how many, and its columns; list_tables tells the names.',
      mimeType: 'text/plain',
    },
    (uri, { sqlName }, { signal }) =>
      readResource(
        uri,
        async () => {
          const table = decodeURIComponent(String(sqlName));
          const { facts, data } = await tableAnswer(place, { table, signal });
          const { notice, begin, text, end } = markData(dataLine(data));
          return `${JSON.stringify(facts)}\n${notice}\n${begin}\n${text}\n${end}\n`;
        },
        options,
      ),
  );
}

async function readResource(uri: URL, read: () => Promise<string>, options: McpOptions) {
  try {
    return { contents: [{ uri: uri.href, mimeType: 'text/plain', text: await read() }] };
  } catch (error) {
    const { content } = failedResult(asToolFailure(error, options));
    return {
      contents: [{ uri: uri.href, mimeType: 'text/plain', text: content.map(({ text }) => text).join('\n') }],
    };
  }
}

function asToolFailure(error: unknown, { onUnexpected }: McpOptions): ToolFailure {
  return error instanceof ToolFailure ? error : new ToolFailure('failed', onUnexpected(error));
}
