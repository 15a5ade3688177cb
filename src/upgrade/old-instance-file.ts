import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { UpgradeSettings } from './upgrade.ts';

/** The predecessor’s `instance.yaml` as it counted there. */
export interface OldInstanceFile {
  readonly path: string;
  /** Null: it could not be read, and then counted as empty there. */
  readonly values: Readonly<Record<string, unknown>> | null;
}

/**
 * The file that counted: the one in `DATA_DIR/state`, as it stands, or else the one in `CONFIG_DIR`, in which `${NAME}` stands for a
 * variable. Null when there is neither.
 */
export function readOldInstanceFile({ dataDir, readVariable }: UpgradeSettings): OldInstanceFile | null {
  const written = join(dataDir, 'state', 'instance.yaml');
  if (existsSync(written)) return { path: written, values: readYaml(written) };
  const fixed = join(readVariable('CONFIG_DIR') ?? './config', 'instance.yaml');
  if (!existsSync(fixed)) return null;
  return { path: fixed, values: withVariables(readYaml(fixed), readVariable) as OldInstanceFile['values'] };
}

/** The text at a dotted place; null where there is none. */
export function textAt(file: OldInstanceFile | null, place: string): string | null {
  let value: unknown = file?.values;
  for (const key of place.split('.')) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function readYaml(path: string): OldInstanceFile['values'] {
  try {
    const read: unknown = parse(readFileSync(path, 'utf8'));
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function withVariables(value: unknown, readVariable: UpgradeSettings['readVariable']): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\{(\w+)\}/g, (_all, name: string) => readVariable(name) ?? '');
  }
  if (Array.isArray(value)) return value.map((entry) => withVariables(entry, readVariable));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withVariables(entry, readVariable)]));
}
