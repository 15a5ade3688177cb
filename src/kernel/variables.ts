import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { draftPattern, replaceFile } from './replace-file.ts';

const linePattern = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)$/;
const plainValue = /^[\w.:/@%+,=-]+$/;

/** The file as it is to be, and the id by which it is known whether that is decided. */
interface Draft {
  readonly id: string;
  readonly text: string;
}

interface VariablesGiven {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where secrets are kept that were set in the program: `NAME=value` lines. */
  readonly file: string;
  /** Names that only the environment may give. */
  readonly reserved: ReadonlySet<string>;
}

/**
 * The variables that connectors and sign-in providers may read: those of the environment, and behind them the lines of a file
 * that the program keeps. What the environment gives wins, and reserved names are never taken from the file.
 */
export class Variables {
  readonly #given: VariablesGiven;
  #text: string;
  #kept: ReadonlyMap<string, string>;
  #draft: Draft | null = null;
  #decided = false;

  /** Reads the file, which may be missing; throws when it is there and cannot be read. */
  constructor(given: VariablesGiven) {
    this.#given = given;
    this.#text = readText(given.file);
    this.#kept = parseLines(this.#text);
  }

  /** The variable as it counts now; undefined when nothing gives it, or gives it empty. */
  read(name: string): string | undefined {
    const { environment } = this.#given;
    return environment[name] || this.readKept(name);
  }

  /** The variable as the file alone gives it, whatever the environment says; undefined when it does not, or gives it empty. */
  readKept(name: string): string | undefined {
    return this.isReserved(name) ? undefined : this.#kept.get(name) || undefined;
  }

  /** Whether the environment gives it, so that the file cannot. */
  isFixed(name: string): boolean {
    return Boolean(this.#given.environment[name]);
  }

  /** Whether it is a name that only the environment may give. */
  isReserved(name: string): boolean {
    return this.#given.reserved.has(name);
  }

  /**
   * Writes durably, beside the file, what it is to be with these variables, without those that are null. They count once `decide` says so;
   * a process that ends before leaves it to `settle` at the next start. Throws for what is no line.
   */
  prepare(id: string, values: Readonly<Record<string, string | null>>): void {
    if (this.#decided) this.#place();
    const lines = Object.entries(values).flatMap(([name, value]) => {
      if (/[\r\n\0]/.test(value ?? '') || !/^[A-Z_][A-Z0-9_]*$/.test(name) || this.isReserved(name)) {
        throw new Error('This cannot be kept as a line of variables.');
      }
      return value === null ? [] : [`${name}=${quoted(value)}`];
    });
    const others = this.#text.split('\n').filter((line) => !Object.hasOwn(values, linePattern.exec(line)?.[1] ?? ''));
    while (others.at(-1) === '') others.pop();
    const text = [...others, ...lines].map((line) => `${line}\n`).join('');
    this.#draft = { id, text };
    replaceFile(this.#draftPath, JSON.stringify(this.#draft));
  }

  /** What was prepared under this id counts from now on, and goes into the file, all or none. */
  decide(id: string): void {
    if (this.#draft === null || this.#draft.id !== id) return;
    this.#text = this.#draft.text;
    this.#kept = parseLines(this.#text);
    this.#decided = true;
    this.#place();
  }

  /** At start: ends what a process before prepared and did not end, by whether it was decided, and removes what it left half written. */
  async settle(wasDecided: (id: string) => Promise<boolean>): Promise<void> {
    const folder = dirname(this.#given.file);
    for (const name of listFolder(folder)) if (draftPattern.test(name)) rmSync(join(folder, name), { force: true });
    const found = readText(this.#draftPath);
    if (found === '') return;
    this.#draft = JSON.parse(found) as Draft;
    if (await wasDecided(this.#draft.id)) this.decide(this.#draft.id);
    else rmSync(this.#draftPath, { force: true });
  }

  #place(): void {
    replaceFile(this.#given.file, this.#text);
    rmSync(this.#draftPath, { force: true });
    this.#decided = false;
  }

  get #draftPath(): string {
    return `${this.#given.file}.next`;
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** The last line of a name counts; whatever is no line of the form `NAME=value` is passed over and stays where it is. */
function parseLines(text: string): Map<string, string> {
  const lines = text.split('\n').flatMap((line) => {
    const [, name, value] = linePattern.exec(line.replace(/\r$/, '')) ?? [];
    return name === undefined || value === undefined ? [] : [[name, unquoted(value.trim())] as const];
  });
  return new Map(lines);
}

function unquoted(value: string): string {
  const [, inner] = /^'(.*)'$/.exec(value) ?? /^"(.*)"$/.exec(value) ?? [];
  return inner ?? value;
}

function quoted(value: string): string {
  return plainValue.test(value) ? value : `'${value}'`;
}
