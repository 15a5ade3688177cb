import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Connector } from '../../connectors/contract.ts';
import { ConfigurationError, configKeys } from '../kernel/config.ts';

/**
 * The built-in connectors and those of `folder`, one in each of its folders: `<name>/connector.js`, an ES module that exports
 * `connector`. Throws a `ConfigurationError` that tells every fault of all of them, with its file.
 */
export async function withForeignConnectors(
  builtIn: readonly Connector[],
  folder: string | undefined,
): Promise<readonly Connector[]> {
  if (folder === undefined) return builtIn;
  const faults: string[] = [];
  const files = new Map(builtIn.map(({ kind }) => [kind, 'a connector that ships with Agnes']));
  const foreign: Connector[] = [];
  for (const name of await listFolders(folder)) {
    const file = join(folder, name, 'connector.js');
    const loaded = await load(file);
    if ('faults' in loaded) faults.push(...loaded.faults.map((fault) => `${file}: ${fault}`));
    else {
      const { kind } = loaded.connector;
      const taken = files.get(kind);
      if (taken !== undefined) faults.push(`${file}: the kind "${kind}" is that of ${taken}; choose another.`);
      files.set(kind, taken ?? file);
      foreign.push(loaded.connector);
    }
  }
  if (faults.length === 0) return [...builtIn, ...foreign];
  throw new ConfigurationError(
    `Connectors in CONNECTORS_DIR cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
  );
}

async function listFolders(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !/^(\.|node_modules$)/.test(entry.name))
      .map(({ name }) => name)
      .toSorted();
  } catch (error) {
    throw new ConfigurationError(`CONNECTORS_DIR: ${folder} cannot be read: ${(error as Error).message}`);
  }
}

async function load(file: string): Promise<{ connector: Connector } | { faults: string[] }> {
  if (!existsSync(file)) return { faults: ['there is no such file; build the connector, or remove its folder.'] };
  let exported: Record<string, unknown>;
  try {
    exported = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    return { faults: [`it cannot be loaded: ${oneLine(error)}`] };
  }
  if (exported['connector'] === undefined) return { faults: ['it exports no `connector`.'] };
  const parsed = shape.safeParse(exported['connector']);
  if (parsed.success) return { connector: exported['connector'] as Connector };
  return { faults: parsed.error.issues.map(({ path, message }) => `${['connector', ...path].join('.')}: ${message}`) };
}

function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

const schema = z.custom<object>(
  (value) =>
    typeof value === 'object' && value !== null && 'safeParse' in value && typeof value.safeParse === 'function',
  { error: 'must be a zod schema' },
);
const method = z.custom<() => unknown>((value) => typeof value === 'function', { error: 'must be a function' });
const sentence = z.string({ error: 'must be text' }).min(1, { error: 'must not be empty' });

const parts = z.looseObject(
  {
    kind: z.string({ error: 'must be text' }).regex(/^[a-z][a-z0-9_]{0,63}$/, {
      error: 'must be a lower-case letter, then letters, digits and underscores, at most 64',
    }),
    displayName: sentence,
    description: sentence,
    environment: z.array(
      z
        .string()
        .regex(/^[A-Z][A-Z0-9_]*$/, { error: 'must be the name of a variable' })
        .refine(isFree, {
          error: 'is a variable of Agnes itself, which no connector may read',
        }),
      { error: 'must be a list of names of variables' },
    ),
    secrets: z.array(z.string(), { error: 'must be a list of names of variables' }).optional(),
    environmentPrefix: z
      .string()
      .regex(/^[A-Z][A-Z0-9]*_$/, { error: 'must be capital letters and digits with an underscore at the end' })
      .refine((prefix) => !Object.keys(configKeys).some((key) => key.startsWith(prefix)), {
        error: 'is how variables of Agnes itself begin, which no connector may read',
      })
      .optional(),
    statements: z
      .looseObject({ estimate: method, run: method, tableStatement: method.optional() }, { error: 'must be an object' })
      .optional(),
    incremental: z.boolean({ error: 'must be true or false' }).optional(),
    sourceConfig: schema,
    tableOptions: schema,
    check: method,
    discover: method,
    extract: method,
    webhook: z.looseObject({ receive: method }, { error: 'must be an object' }).optional(),
    gather: method.optional(),
    tasks: method.optional(),
  },
  { error: 'must be an object' },
);

const shape = parts.superRefine(({ secrets = [], environment }, context) => {
  for (const [index, name] of secrets.entries()) {
    const message = 'must be one of the names in environment';
    if (!environment.includes(name)) context.addIssue({ code: 'custom', path: ['secrets', index], message });
  }
});

function isFree(name: string): boolean {
  return !Object.hasOwn(configKeys, name);
}
