import type { BareCommand } from '../command.ts';

export const name = 'mcp';
export const description =
  'Serves the tables and metrics of this workspace over the Model Context Protocol, on stdin and stdout.';
export const examples = ['da mcp', 'da mcp --remote'];

export function declare(command: BareCommand): void {
  command
    .option(
      '--remote',
      'ask the server for everything; without it the copies in this workspace, unless a tool is told otherwise',
    )
    .action(async function () {
      const { serveMcp } = await import('../mcp/serve-mcp.ts');
      await serveMcp(this.optsWithGlobals());
    });
}
