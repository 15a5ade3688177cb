import { AttachError } from './attach-remotes.ts';
import type { Attachment, PlannedAttachment } from './remote-attachment.ts';
import { openCatalog, type CatalogOptions, type OpenCatalog, type Relation } from './statement-catalog.ts';
import { remoteUnavailable } from './statement-errors.ts';

const keptInstances = 4;

/** What one statement works with. */
export interface TakenInstance {
  instance: OpenCatalog;
  /** Secrets of what is attached. */
  secrets: readonly string[];
  /** To be called once the statement has ended. */
  release(ended: { failed: boolean }): void;
}

/**
 * The instances in which the statements over one catalog reach remote tables: each holds the tables of one statement and what
 * they need attached, so that a statement over local tables never shares an instance with a foreign system. An instance that
 * reaches a system over the network is kept for the next statement over the same tables, unless one has failed in it. One that
 * reads a file is not: another program may write or replace that file between two statements.
 */
export class RemoteInstances {
  readonly #kept = new Map<string, OpenCatalog>();

  /** Throws a `RemoteUnavailableError` that names the tables which cannot be reached. */
  async take(
    relations: readonly Relation[],
    given: Omit<CatalogOptions, 'attachments'> & { planned: readonly PlannedAttachment[] },
  ): Promise<TakenInstance> {
    const { planned, ...options } = given;
    const attachments = wanted(relations, planned);
    const secrets = attachments.flatMap((attachment) => attachment.secrets);
    const names = relations.map(({ sqlName, schema, name }) => JSON.stringify([sqlName, schema, name]));
    const key = names.toSorted().join();
    const mayKeep = options.writable.length === 0 && attachments.every(({ file }) => file === null);
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    const instance = kept ?? (await this.#open(relations, { ...options, attachments }));
    const release = ({ failed }: { failed: boolean }) => {
      if (mayKeep && !failed) this.#keep(key, instance);
      else instance.close();
    };
    return { instance, secrets, release };
  }

  close(): void {
    for (const instance of this.#kept.values()) instance.close();
    this.#kept.clear();
  }

  #keep(key: string, instance: OpenCatalog): void {
    this.#kept.set(key, instance);
    const [oldest] = this.#kept.size > keptInstances ? this.#kept : [];
    if (oldest === undefined) return;
    this.#kept.delete(oldest[0]);
    oldest[1].close();
  }

  async #open(relations: readonly Relation[], options: CatalogOptions): Promise<OpenCatalog> {
    const tables = relations.map(({ sqlName, files }) => ({ sqlName, alias: null, files }));
    try {
      return await openCatalog(tables, options);
    } catch (error) {
      if (error instanceof AttachError) throw unreachable(relations, error.key, error.message);
      throw error;
    }
  }
}

/** The attachments that the relations need. */
function wanted(relations: readonly Relation[], planned: readonly PlannedAttachment[]): Attachment[] {
  const keys = [...new Set(relations.flatMap(({ remote }) => remote?.key ?? []))].toSorted();
  return keys.map((key) => {
    const found = planned.find((attachment) => attachment.key === key);
    if (found && !('refused' in found)) return found;
    throw unreachable(relations, key, found?.refused ?? 'the attachment was not planned');
  });
}

function unreachable(relations: readonly Relation[], key: string, detail: string) {
  const names = relations.filter(({ remote }) => remote?.key === key).map(({ sqlName }) => sqlName);
  return remoteUnavailable([...new Set(names)].toSorted(), detail);
}
