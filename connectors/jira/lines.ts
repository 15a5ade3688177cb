import { open, type FileHandle } from 'node:fs/promises';

const chunkLength = 1 << 20;

/** A file of JSON objects, one on each line; without any it is an empty list, because nothing at all would look cut off. */
export class Lines {
  readonly #file: FileHandle;
  #waiting: string[] = [];
  #length = 0;
  #isEmpty = true;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<Lines> {
    return new Lines(await open(path, 'w', 0o600));
  }

  async add(row: Record<string, unknown>): Promise<void> {
    const line = `${JSON.stringify(row)}\n`;
    this.#isEmpty = false;
    this.#waiting.push(line);
    this.#length += line.length;
    if (this.#length > chunkLength) await this.#write();
  }

  /** Writes what waits. */
  async end(): Promise<void> {
    if (this.#isEmpty) this.#waiting.push('[]');
    await this.#write();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #write(): Promise<void> {
    await this.#file.writeFile(this.#waiting.join(''));
    this.#waiting = [];
    this.#length = 0;
  }
}
