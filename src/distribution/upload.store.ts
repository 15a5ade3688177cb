import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import { uploadTopic, type Upload, type UploadEvent, type UploadKind, type UploadUse } from './upload.ts';

declare module '../store/database.ts' {
  interface Database {
    uploads: UploadsTable;
  }
}

interface UploadsTable {
  id: string;
  user_id: string;
  kind: UploadKind;
  name: string;
  size_bytes: number;
  sha256: string;
  stored_at: Date;
}

/** Inserts the row of a file that is on disk. */
export async function insertUpload(tx: WriteTransaction, row: Upload): Promise<void> {
  await tx.db
    .insertInto('uploads')
    .values({
      id: row.id,
      user_id: row.userId,
      kind: row.kind,
      name: row.name,
      size_bytes: row.sizeBytes,
      sha256: row.sha256,
      stored_at: row.storedAt,
    })
    .execute();
}

/** Removes a row and tells who keeps the files. */
export async function deleteStoredUpload(tx: WriteTransaction, id: string): Promise<void> {
  await tx.db.deleteFrom('uploads').where('id', '=', id).execute();
  emitDrop(tx, id);
}

/** Removes everything of this user and tells who keeps the files; resolves to how many rows there were. */
export async function deleteUploadsOf(tx: WriteTransaction, userId: string): Promise<number> {
  const rows = await tx.db.deleteFrom('uploads').where('user_id', '=', userId).returning('id').execute();
  for (const { id } of rows) emitDrop(tx, id);
  return rows.length;
}

function emitDrop(tx: WriteTransaction, id: string): void {
  tx.emit(uploadTopic, { op: 'drop', row: { id } } satisfies UploadEvent);
}

/** The upload with this id, or null. */
export async function selectUpload(db: Kysely<Database>, id: string): Promise<Upload | null> {
  const row = await db.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toUpload(row) : null;
}

/** What this user sent with one of these contents. */
export async function selectUploadsWith(
  db: Kysely<Database>,
  { userId, sha256 }: { userId: string; sha256: readonly string[] },
): Promise<Upload[]> {
  if (sha256.length === 0) return [];
  const rows = await db
    .selectFrom('uploads')
    .selectAll()
    .where('user_id', '=', userId)
    .where('sha256', 'in', sha256)
    .execute();
  return rows.map(toUpload);
}

/** Uploads of everybody or of one user, newest first, from behind `before` on. */
export async function selectUploads(
  db: Kysely<Database>,
  page: { limit: number; before?: { at: Date; id: string }; userId?: string },
): Promise<Upload[]> {
  const { before, userId } = page;
  let query = db.selectFrom('uploads').selectAll().orderBy('stored_at', 'desc').orderBy('id', 'desc').limit(page.limit);
  if (userId !== undefined) query = query.where('user_id', '=', userId);
  if (before) {
    query = query.where((where) =>
      where.or([
        where('stored_at', '<', before.at),
        where.and([where('stored_at', '=', before.at), where('id', '<', before.id)]),
      ]),
    );
  }
  return (await query.execute()).map(toUpload);
}

/** How much this user keeps. */
export async function selectUploadUse(db: Kysely<Database>, userId: string): Promise<UploadUse> {
  const { bytes, files } = await db
    .selectFrom('uploads')
    .select(({ fn }) => [fn.sum('size_bytes').as('bytes'), fn.countAll().as('files')])
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  return { bytes: Number(bytes ?? 0), files: Number(files) };
}

/** The ids of all uploads. */
export async function selectUploadIds(db: Kysely<Database>): Promise<string[]> {
  const rows = await db.selectFrom('uploads').select('id').execute();
  return rows.map(({ id }) => id);
}

function toUpload(row: Selectable<UploadsTable>): Upload {
  return {
    id: row.id,
    userId: row.user_id,
    kind: row.kind,
    name: row.name,
    sizeBytes: Number(row.size_bytes),
    sha256: row.sha256,
    storedAt: row.stored_at,
  };
}
