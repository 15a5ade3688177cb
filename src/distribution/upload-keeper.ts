import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../kernel/ids.ts';
import { runOperation, type Caller } from '../operation/define-operation.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import { limitedToken, StoredMeanwhileError, storeUpload } from './store-upload.ts';
import { fileTooLarge, noRoomLeft, UploadRefusedError } from './upload-refused.ts';
import {
  mayUseUploadsOf,
  uploadLimits,
  uploadTopic,
  type Upload,
  type UploadEvent,
  type UploadKind,
} from './upload.ts';
import { selectUploadIds, selectUploadsWith, selectUploadUse } from './upload.store.ts';

/** A file on its way in. */
export interface Incoming {
  readonly kind: UploadKind;
  readonly name: string;
  readonly sha256: string;
  /** What the request announces; undefined: nothing. */
  readonly announcedBytes: number | undefined;
  readonly body: AsyncIterable<Uint8Array>;
  readonly caller: Caller & { readonly principal: Principal };
}

/** Owns the folder of what people sent: a file for each row, and at most for an instant one without. */
export class UploadKeeper {
  readonly #services: Services;
  readonly #folder: string;
  /** The files that are being written, and how much of whose room each may take. */
  readonly #incoming = new Map<string, { userId: string; bytes: number }>();
  #turn: Promise<void> = Promise.resolve();

  constructor(services: Services, folder: string) {
    this.#services = services;
    this.#folder = folder;
  }

  /** Removes what a crash left, then listens for rows that go. */
  async start(): Promise<void> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    await this.sweep();
    this.#services.store.onCommit((events) => {
      for (const { topic, payload } of events) {
        if (topic === uploadTopic) this.#hear(payload as UploadEvent);
      }
    });
  }

  /** Where the content of an upload is. */
  pathOf({ id }: Pick<Upload, 'id'>): string {
    return join(this.#folder, id);
  }

  /** Removes every file that no row names and nobody writes. */
  async sweep(): Promise<void> {
    const names = await readdir(this.#folder);
    // In this order: a file that was whole before the rows were read has its row among them, or is being written.
    const kept = new Set([...this.#incoming.keys(), ...(await selectUploadIds(this.#services.store.db))]);
    for (const name of names) {
      if (!kept.has(name)) await rm(join(this.#folder, name), { recursive: true, force: true });
    }
  }

  /** Resolves when no file is being removed. */
  async idle(): Promise<void> {
    await this.#turn;
  }

  /**
   * Stores a file, or resolves to the row that the person has with this content already, without reading the body. Nothing
   * of it can be seen before all of it is on disk and its hash is right. Throws an `UploadRefusedError`.
   */
  async receive(incoming: Incoming): Promise<{ upload: Upload; isNew: boolean }> {
    const { db } = this.#services.store;
    const { userId } = incoming.caller.principal;
    if (!mayUseUploadsOf(incoming.caller.principal, userId)) throw limitedToken();
    const [before] = await selectUploadsWith(db, { userId, sha256: [incoming.sha256] });
    if (before) return { upload: before, isNew: false };
    const used = (await selectUploadUse(db, userId)).bytes;
    const id = newId();
    this.#reserve(id, { userId, used, announcedBytes: incoming.announcedBytes });
    try {
      return await this.#store(id, incoming);
    } finally {
      this.#incoming.delete(id);
    }
  }

  #reserve(id: string, given: { userId: string; used: number; announcedBytes: number | undefined }): void {
    const { userId, used, announcedBytes = 0 } = given;
    const own = [...this.#incoming.values()].filter((one) => one.userId === userId);
    if (own.length >= uploadLimits.atOnce) {
      throw new UploadRefusedError(429, 'Too many files of yours at once; send one after the other.');
    }
    if (announcedBytes > uploadLimits.fileBytes) throw fileTooLarge();
    const reserved = own.reduce((sum, { bytes }) => sum + bytes, 0);
    // What announces nothing may take what is left.
    const left = Math.min(uploadLimits.fileBytes, uploadLimits.personBytes - used - reserved);
    if (announcedBytes > left) throw noRoomLeft();
    this.#incoming.set(id, { userId, bytes: given.announcedBytes ?? left });
  }

  async #store(id: string, incoming: Incoming): Promise<{ upload: Upload; isNew: boolean }> {
    const { kind, name, sha256, caller } = incoming;
    try {
      const sizeBytes = await this.#write(id, incoming);
      const input = { id, kind, name, sha256, sizeBytes };
      return { upload: await runOperation(storeUpload, { input, caller, services: this.#services }), isNew: true };
    } catch (error) {
      await rm(this.pathOf({ id }), { force: true });
      if (error instanceof StoredMeanwhileError) return { upload: error.upload, isNew: false };
      throw error;
    }
  }

  /** Writes the body as it comes, durably; resolves to its size. */
  async #write(id: string, { body, sha256 }: Incoming): Promise<number> {
    const most = this.#incoming.get(id)!.bytes;
    const hash = createHash('sha256');
    let size = 0;
    const file = await open(this.pathOf({ id }), 'wx', 0o600);
    try {
      for await (const chunk of body) {
        size += chunk.length;
        if (size > uploadLimits.fileBytes) throw fileTooLarge();
        if (size > most) throw noRoomLeft();
        hash.update(chunk);
        await file.writeFile(chunk);
      }
      if (hash.digest('hex') !== sha256) {
        throw new UploadRefusedError(422, 'The content is not the one with this SHA-256; send it again.');
      }
      await file.sync();
    } finally {
      await file.close();
    }
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return size;
  }

  #hear({ row }: UploadEvent): void {
    this.#turn = this.#turn
      .then(() => rm(this.pathOf(row), { force: true }))
      .catch((error: unknown) => this.#services.log.error({ err: error, uploadId: row.id }, 'upload not removed'));
  }
}
