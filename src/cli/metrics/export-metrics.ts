import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { failed } from '../failure.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { readStoredMetrics } from './read-stored-metrics.ts';

const part = String.raw`[A-Za-z0-9_][A-Za-z0-9_.-]*`;
const safePath = new RegExp(`^${part}/${part}$`);

/** Writes each definition that the viewer may see to `<folder>/<category>/<name>.yml`, over what is there. */
export async function exportMetrics(folder: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const files: string[] = [];
  for await (const { file, yaml } of readStoredMetrics(connection)) {
    if (!safePath.test(file)) throw failed(`The server names a file ${file}, which would not stay in the folder.`);
    await write(join(folder, file), yaml);
    files.push(join(folder, file));
  }
  if (options.json) printJson({ files });
  else printNotice(`${files.length} metric definitions stand in ${folder}.`);
}

async function write(path: string, content: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (error) {
    throw failed(`${path} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}
