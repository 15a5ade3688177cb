import { join } from 'node:path';
import { failed } from '../failure.ts';
import { readIfThere } from './marked-text.ts';
import type { Workspace } from './workspace.ts';
import { writeDurably } from './write-durably.ts';

const entry = { command: 'da', args: ['mcp'] };

/** Makes `.mcp.json` name `da mcp` as `agnes`, unless it has an entry of that name; every other entry stays as it is. */
export async function writeMcpConfiguration({ folder }: Workspace): Promise<void> {
  const path = join(folder, '.mcp.json');
  const text = await readIfThere(path);
  const known = text.trim() === '' ? {} : parse(text, path);
  const { mcpServers: servers = {} } = known;
  if (!isObject(servers)) throw notUnderstood(path);
  if ('agnes' in servers) return;
  const whole = { ...known, mcpServers: { ...servers, agnes: entry } };
  await writeDurably(path, `${JSON.stringify(whole, null, 2)}\n`);
}

function parse(text: string, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told below.
  }
  throw notUnderstood(path);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notUnderstood(path: string): Error {
  return failed(
    `${path} is no JSON as programs with MCP write it, and is left as it is; mend it, or add \`da mcp\` there yourself.`,
  );
}
