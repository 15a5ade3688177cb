import { openSession, type Session } from './extraction-session.ts';
import { quoteIdentifier } from './identifier.ts';
import { parquetRelation } from './parquet.ts';
import { hashFile, isMissing } from './publish.ts';

const memoryLimitMb = 512;

/** Reads published files again to see what is in them; costs nothing before it is asked. */
export class PublishedReader {
  readonly #signal: AbortSignal;
  #session: Promise<Session> | null = null;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether the file still holds the bytes that were published. */
  async isWhole({ path, sha256 }: { path: string; sha256: string }): Promise<boolean> {
    this.#signal.throwIfAborted();
    try {
      return (await hashFile(path)).sha256 === sha256;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /** These columns of all rows of the files, as DuckDB prints them, instants in UTC. */
  async rows(paths: readonly string[], columns: readonly string[]): Promise<Record<string, string | null>[]> {
    if (paths.length === 0) return [];
    this.#session ??= openSession({ temporaryFolder: '', memoryLimitMb, signal: this.#signal });
    const wanted = columns.map((name) => `${quoteIdentifier(name)}::VARCHAR AS ${quoteIdentifier(name)}`);
    const rows = await (await this.#session).query(`SELECT ${wanted.join(', ')} FROM ${parquetRelation(paths)}`);
    return rows as Record<string, string | null>[];
  }

  /** Interrupts what runs and frees what it holds. */
  async close(): Promise<void> {
    await (await this.#session)?.close();
  }
}
