import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { z } from 'zod';
import type { Connector, ConnectorContext, ExtractResult, ExtractTable } from '../../connectors/contract.ts';

type LedgerTable = ExtractTable<Record<string, never>>;

/** What one extraction hands over, each file as CSV, and what it answers. */
interface LedgerDelivery {
  files?: string[];
  /** The files of each partition; null drops it. */
  partitions?: Record<string, string[] | null>;
  answer?: ExtractResult;
}

/** What one table of the ledger does when it is extracted: it delivers, or only names the files. */
export type LedgerScript = (
  table: LedgerTable,
  signal: AbortSignal,
) => Promise<string[] | LedgerDelivery> | string[] | LedgerDelivery;

/** A real connector whose system is the test: it says what each table does. */
export class Ledger {
  /** The names of the tables that were extracted, in order, once for each attempt. */
  readonly extracted: string[] = [];
  readonly #scripts = new Map<string, LedgerScript>();
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), 'agnes-ledger-')));
  #files = 0;

  readonly connector: Connector<unknown, Record<string, never>>;

  /** Make it while tests are collected: its folder goes when the file's tests have ended. */
  constructor(options: { kind?: string; incremental?: boolean } = {}) {
    this.connector = {
      kind: options.kind ?? 'ledger',
      incremental: options.incremental ?? false,
      displayName: 'Ledger',
      description: 'What a test says.',
      environment: [],
      sourceConfig: z.strictObject({}),
      tableOptions: z.strictObject({}),
      check: () => Promise.resolve(),
      discover: () => Promise.resolve([]),
      extract: async (context, table, sink) => {
        const { files = [], partitions = {}, answer } = await this.#deliver(context, table);
        for (const content of files) await sink.csv(this.#write(table, content), {});
        for (const [name, contents] of Object.entries(partitions)) {
          if (contents === null) await sink.dropPartition(name);
          const partition = contents && sink.partition(name);
          for (const content of contents ?? []) await partition?.csv(this.#write(table, content), {});
        }
        return answer;
      },
    };
    afterAll(() => rmSync(this.#folder, { recursive: true, force: true }));
  }

  /** From now on the table does this. */
  script(table: string, script: LedgerScript): void {
    this.#scripts.set(table, script);
  }

  /** From now on the table has these rows. */
  rows(table: string, content: string): void {
    this.script(table, () => [content]);
  }

  async #deliver({ signal }: ConnectorContext<unknown>, table: LedgerTable): Promise<LedgerDelivery> {
    this.extracted.push(table.name);
    const script = this.#scripts.get(table.name) ?? (() => ['id\n1\n']);
    const delivered = await script(table, signal);
    return Array.isArray(delivered) ? { files: delivered } : delivered;
  }

  #write(table: LedgerTable, content: string): { path: string; name: string } {
    this.#files += 1;
    const name = `${table.name}-${this.#files}.csv`;
    const path = join(this.#folder, name);
    writeFileSync(path, content);
    return { path, name };
  }
}

/** A table that says when its extraction has begun, and then goes on until it is let go or the run is stopped. */
export function heldTable(content = 'id\n1\n') {
  const [begun, held] = [new Moment(), new Moment()];
  const script: LedgerScript = async (_table, signal) => {
    begun.come();
    const stopped = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    await Promise.race([held.came, stopped]);
    return [content];
  };
  return { script, begun: begun.came, letGo: () => held.come() };
}

class Moment {
  come: () => void = () => {};
  readonly came = new Promise<void>((resolve) => {
    this.come = resolve;
  });
}
