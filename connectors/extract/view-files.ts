import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openFile, openFolderWithin } from '../allowed-path.ts';
import type { SourceFile } from '../contract.ts';

const text = `'(?:[^']|'')*'`;
const paths = `(${text}|\\[${text}(?:, ${text})*\\]|(?:main\\.)?list_value\\(${text}(?:, ${text})*\\))`;
const yes = `(?:true|CAST\\('t' AS BOOLEAN\\))`;
const no = `(?:false|CAST\\('f' AS BOOLEAN\\))`;
const option = `, \\(?(?:union_by_name = (?:${yes}|${no})|hive_partitioning = ${no})\\)?`;
const name = `"(?:[^"]|"")*"`;
const scan = `(?:read_parquet|parquet_scan)\\(${paths}(?:${option})*\\)|(${text}|${name})`;
const plainView = new RegExp(`^CREATE VIEW (?:main\\.)?"?\\w+"? AS SELECT \\* FROM (?:${scan});?\\s*$`, 'is');

/**
 * The files below `data/`, as a view that is nothing but Parquet files names them: relative paths, the last part may hold `*`.
 * The paths in a view are those of the machine that wrote it: what counts is what follows their last `data`. Undefined for any
 * other view.
 */
export function readViewPaths(sql: string): string[] | undefined {
  const [, listed, bare] = plainView.exec(sql) ?? [];
  const found = [...(listed ?? bare ?? '').matchAll(new RegExp(`${text}|${name}`, 'g'))].map(([literal]) =>
    literal.slice(1, -1).replaceAll(/''|""/g, ([quote = '']) => quote),
  );
  const relative = found.map((path) => /(?:^|[/\\])(data[/\\](?!.*[/\\]data[/\\]).+\.parquet)$/s.exec(path)?.[1]);
  const plain = relative.flatMap((path) =>
    path === undefined || path.includes('=') ? [] : [path.replaceAll('\\', '/')],
  );
  return plain.length === 0 || plain.length < found.length ? undefined : plain;
}

/** Opens the files of `readViewPaths` in the real path `folder`; throws a sentence when there is none, or one leads out of it. */
export async function openViewFiles(folder: string, viewPaths: readonly string[]): Promise<SourceFile[]> {
  const names: string[] = [];
  for (const path of viewPaths) names.push(...(await expand(folder, path)));
  const files: SourceFile[] = [];
  for (const name of names) files.push({ path: await openFile(folder, name), name });
  return files;
}

async function expand(folder: string, path: string): Promise<string[]> {
  if (path.split('/').includes('..')) throw new Error(`The path ${path} leaves the folder of the source.`);
  if (!/[*?[]/.test(path)) return [path];
  const [parent, pattern] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
  if (/[*?[]/.test(parent) || /[?[]/.test(pattern)) {
    throw new Error(`The pattern ${path} is not supported; only * in the name of a file is.`);
  }
  const real = await openFolderWithin(folder, join(folder, parent));
  const wanted = new RegExp(`^${pattern.split('*').map(escape).join('.*')}$`, 's');
  const found = real === undefined ? [] : (await readdir(real)).filter((name) => wanted.test(name)).toSorted();
  if (found.length === 0) throw new Error(`No file fits ${path}; extract the table again.`);
  return found.map((name) => `${parent}/${name}`);
}

function escape(part: string): string {
  return part.replaceAll(/[.+^${}()|\\\]]/g, '\\$&');
}
