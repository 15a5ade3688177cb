import { askStorage, type Connection } from './client.ts';
import { fileShape, type StorageFile } from './storage-shapes.ts';

/** The file of an export with temporary credentials, which are asked for again when they have expired. */
export class ExportFile {
  readonly #connection: Connection;
  readonly #id: string;
  #current: Promise<StorageFile> | undefined;

  constructor(connection: Connection, id: string) {
    this.#connection = connection;
    this.#id = id;
  }

  /** What is known now. */
  current(): Promise<StorageFile> {
    return (this.#current ??= this.#ask());
  }

  /** Asks again, unless somebody has done so since `seen`. */
  async renew(seen: StorageFile): Promise<void> {
    if ((await this.current()) === seen) this.#current = this.#ask();
    await this.current();
  }

  async #ask(): Promise<StorageFile> {
    const path = `files/${encodeURIComponent(this.#id)}?federationToken=1`;
    return (await askStorage(this.#connection, { path, shape: fileShape })).value;
  }
}
