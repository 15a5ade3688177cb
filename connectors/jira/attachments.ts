import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { JiraClient } from './client.ts';
import { isLoopback } from './config.ts';
import { isIssueKey, records, type RawIssue } from './issue.ts';
import { namesIn, stagingFolder } from './raw-store.ts';

const mostRedirects = 5;
const longestName = 120;
const downloadSeconds = 300;

/** Copies of the attachments below the folder of the source: `attachments/<KEY>/<id>_<name>`. */
export class Attachments {
  readonly #client: JiraClient;
  readonly #folder: string;
  readonly #maximumBytes: number;
  readonly #signal: AbortSignal;

  constructor(given: { client: JiraClient; folder: string; maximumBytes: number; signal: AbortSignal }) {
    this.#client = given.client;
    this.#folder = given.folder;
    this.#maximumBytes = given.maximumBytes;
    this.#signal = given.signal;
  }

  /**
   * Copies what is not here yet and removes what the issue no longer has. Resolves to where each copy lies, relative to the folder;
   * one that is too large, or cannot be had, is left out and tried again when the issue is gathered the next time.
   */
  async bringUpToDate(issue: RawIssue, before: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const copies: Record<string, string> = {};
    for (const { id, filename, size, content } of records(issue.fields['attachment'])) {
      if (!/^\d{1,19}$/.test(String(id)) || Number(size) > this.#maximumBytes) continue;
      const path = join('attachments', issue.key, `${String(id)}_${safeName(String(filename))}`);
      if (before[String(id)] === path && (await this.#isHere(path))) copies[String(id)] = path;
      else if (await this.#copy(String(content), path)) copies[String(id)] = path;
    }
    await this.#removeOthers(issue.key, new Set(Object.values(copies)));
    for (const path of Object.values(before)) {
      const key = path.split('/')[1] ?? '';
      if (key !== issue.key) await this.removeAll(key);
    }
    return copies;
  }

  /** Removes all copies of an issue. */
  async removeAll(key: string): Promise<void> {
    if (isIssueKey(key)) await rm(join(this.#folder, 'attachments', key), { recursive: true, force: true });
  }

  /** Removes what a run that was cut off copied of issues that the source does not have. */
  async tidy(keys: ReadonlySet<string>): Promise<void> {
    for (const key of await namesIn(join(this.#folder, 'attachments'))) if (!keys.has(key)) await this.removeAll(key);
  }

  async #isHere(path: string): Promise<boolean> {
    return (await stat(join(this.#folder, path)).catch(() => null))?.isFile() ?? false;
  }

  async #removeOthers(key: string, kept: ReadonlySet<string>): Promise<void> {
    for (const name of await namesIn(join(this.#folder, 'attachments', key))) {
      const path = join('attachments', key, name);
      if (!kept.has(path)) await rm(join(this.#folder, path), { recursive: true, force: true });
    }
  }

  async #copy(url: string, path: string): Promise<boolean> {
    const target = join(this.#folder, path);
    const staged = join(this.#folder, stagingFolder, randomUUID());
    try {
      const answer = await this.#follow(url);
      if (!answer.ok || !answer.body) return false;
      await mkdir(join(staged, '..'), { recursive: true });
      await mkdir(join(target, '..'), { recursive: true });
      const body = Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]);
      await pipeline(body, this.#limit(), createWriteStream(staged, { mode: 0o600 }));
      await rename(staged, target);
      return true;
    } catch {
      this.#signal.throwIfAborted();
      return false;
    } finally {
      await rm(staged, { force: true });
    }
  }

  /** The first request is signed and goes to the site; what it points to is asked without credentials. */
  async #follow(url: string): Promise<Response> {
    let answer = await this.#client.open(url);
    for (let redirects = 0; answer.status >= 300 && answer.status < 400 && redirects < mostRedirects; redirects += 1) {
      const target = new URL(answer.headers.get('location') ?? '', url);
      await answer.body?.cancel();
      if (target.protocol !== 'https:' && !isLoopback(target))
        throw new Error('redirected to an address without encryption');
      answer = await fetch(target, {
        redirect: 'manual',
        signal: AbortSignal.any([this.#signal, AbortSignal.timeout(downloadSeconds * 1000)]),
      });
    }
    return answer;
  }

  #limit(): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
    const maximumBytes = this.#maximumBytes;
    return async function* (source) {
      let size = 0;
      for await (const chunk of source) {
        size += chunk.length;
        if (size > maximumBytes) throw new Error('larger than allowed');
        yield chunk;
      }
    };
  }
}

/** A name that is one part of a path on any system: without separators, control characters and leading dots. */
export function safeName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}._ ()-]/gu, '_')
    .replace(/^[. ]+/, '_');
  const short = plain.length <= longestName ? plain : `${plain.slice(0, longestName - 12)}${plain.slice(-12)}`;
  return short === '' ? '_' : short;
}
