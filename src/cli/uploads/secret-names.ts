import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '../workspace/workspace.ts';

const builtIn = [
  '**/.*',
  '**/.*/**',
  '**/*.pem',
  '**/*.key',
  '**/*token*',
  '**/*secret*',
  '**/*credential*',
  '**/*password*',
  '**/id_rsa*',
  '**/id_ed25519*',
];

/**
 * Whether a path below the workspace looks like a secret: by its own name or that of a folder, or because
 * `.claude/settings.json` forbids programs to read it.
 */
export async function readSecretNames({ folder }: Workspace): Promise<(path: string) => boolean> {
  const patterns = [...builtIn, ...(await deniedIn(folder))].map(expressionOf);
  return (path) => {
    const parts = path.split('/');
    const above = parts.map((_, end) => parts.slice(0, end + 1).join('/'));
    return above.some((one) => patterns.some((pattern) => pattern.test(one)));
  };
}

/** The patterns below the workspace that programs may not read. */
async function deniedIn(folder: string): Promise<string[]> {
  try {
    const text = await readFile(join(folder, '.claude', 'settings.json'), 'utf8');
    const { permissions } = JSON.parse(text) as { permissions?: { deny?: unknown } };
    const denied = Array.isArray(permissions?.deny) ? permissions.deny : [];
    return denied.flatMap((rule) => /^Read\((?:\.\/)?([^~/].*)\)$/.exec(String(rule))?.[1] ?? []);
  } catch {
    return [];
  }
}

/** `**` stands for any folders, `*` for any part of a name, `?` for one character. */
function expressionOf(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*\/|\*\*|\*|\?|[^*?]+/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : part.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${source}$`, 'iu');
}
