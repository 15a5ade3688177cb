import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '@duckdb/node-api';
import type { RemoteSettings } from './remote-attachment.ts';
import { remoteTypeOf } from './remote-type.ts';

/** Whether systems of this type need an extension that is not installed yet for the DuckDB of this server. */
export function lacksExtension(type: string, { extensionFolder, unsigned }: RemoteSettings): boolean {
  const extension = (unsigned?.types[type] ?? remoteTypeOf(type))?.extension;
  if (!extension) return false;
  // As DuckDB lays it out: <version>/<platform>/<name>.duckdb_extension.
  const folder = join(extensionFolder, version());
  const platforms = existsSync(folder) ? readdirSync(folder) : [];
  return !platforms.some((platform) => existsSync(join(folder, platform, `${extension.name}.duckdb_extension`)));
}
