import { join } from 'node:path';
import { linkToNothing, readText } from './files-beside.ts';
import { parseOldYaml } from './old-yaml.ts';
import type { UpgradeSettings } from './upgrade.ts';

/** The predecessor’s `instance.yaml` as it counted there. */
export interface OldInstanceFile {
  readonly path: string;
  /** Empty where it could not be read, as it counted there. */
  readonly values: Readonly<Record<string, unknown>>;
  /** What else there is to know, a sentence each. */
  readonly besides: readonly string[];
  /** Why it could not be read, as the end of a sentence that begins with the path; null: it could. */
  readonly fault: string | null;
}

/**
 * The file that counted: the one in `DATA_DIR/state`, as it stands, or else the one in `CONFIG_DIR`, in which `${NAME}` stands for a
 * variable. Null when there is neither.
 */
export function readOldInstanceFile({ dataDir, readVariable }: UpgradeSettings): OldInstanceFile | null {
  const written = readYaml(join(dataDir, 'state', 'instance.yaml'));
  if (written && written.fault !== linkToNothing) return written;
  const fixed = readYaml(join(readVariable('CONFIG_DIR') ?? './config', 'instance.yaml'));
  if (!fixed) return written;
  const besides = written ? [`${written.path} ${linkToNothing}; ${fixed.path} counts.`] : [];
  return { ...fixed, besides, values: withVariables(fixed.values, readVariable) as OldInstanceFile['values'] };
}

/** What stands at a dotted place; undefined for nothing. */
export function valueAt(file: OldInstanceFile | null, place: string): unknown {
  let value: unknown = file?.values;
  for (const key of place.split('.')) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value;
}

/** The text at a dotted place, a number as its text; null where there is none. */
export function textAt(file: OldInstanceFile | null, place: string): string | null {
  const value = valueAt(file, place);
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null;
}

function readYaml(path: string): OldInstanceFile | null {
  const file = readText(path);
  if (file === null) return null;
  const unreadable = { path, values: {}, besides: [] };
  if (file.text === null) return { ...unreadable, fault: file.fault };
  try {
    const read = parseOldYaml(file.text) ?? {};
    if (typeof read === 'object' && !Array.isArray(read)) {
      return { path, values: read as OldInstanceFile['values'], besides: [], fault: null };
    }
    return { ...unreadable, fault: 'holds no keys' };
  } catch (error) {
    return { ...unreadable, fault: `cannot be read as YAML (${(error as Error).message})` };
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
