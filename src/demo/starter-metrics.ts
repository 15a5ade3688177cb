import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MetricFile } from '../catalog/parse-metric-file.ts';
import { packageRoot } from '../kernel/package-root.ts';

/** The files of the starter pack in `docs/metrics`, written against the tables of the sample company. */
export async function readStarterMetrics(): Promise<MetricFile[]> {
  const folder = join(packageRoot, 'docs/metrics');
  const names = await readdir(folder, { recursive: true });
  const paths = names.filter((name) => name.endsWith('.yml')).toSorted();
  return Promise.all(paths.map(async (path) => ({ path, content: await readFile(join(folder, path), 'utf8') })));
}
