import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../kernel/ids.ts';
import { uploadLimits, type UploadKind } from '../distribution/upload.ts';
import { copyDurably } from './copy-durably.ts';
import { firstTimes, type Upgrade } from './upgrade.ts';

/** A file that somebody had sent. */
interface Sent {
  readonly path: string;
  readonly userId: string;
  readonly kind: UploadKind;
  readonly name: string;
}

/** Takes over what people sent from their laptops; the files of before stay where they are. */
export async function takeUploads(upgrade: Upgrade): Promise<void> {
  const { ledger, settings } = upgrade;
  const folder = join(settings.dataDir, 'uploads');
  const isFirst = firstTimes();
  let count = 0;
  if (!upgrade.isTrial) await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const sent of await findSent(upgrade)) {
    ledger.current = `in ${sent.path}`;
    const { size, mtime } = await stat(sent.path);
    const sha256 = await digestOf(sent.path);
    if (size > uploadLimits.fileBytes) {
      ledger.warn(`${sent.path} was left out: it is larger than what may be sent.`);
      continue;
    }
    if (!isFirst(`${sent.userId} ${sha256}`)) {
      ledger.file(`${sent.path} is not copied: its owner has sent the same content under another name.`);
      continue;
    }
    const id = newId();
    if (!upgrade.isTrial) await copyDurably(sent.path, join(folder, id));
    await ledger.put('uploads', {
      id,
      user_id: sent.userId,
      kind: sent.kind,
      name: sent.name,
      size_bytes: size,
      sha256,
      stored_at: mtime,
    });
    count += 1;
  }
  if (count > 0)
    ledger.file(`${count} notes and session logs that people had sent are copied and stay where they are.`);
}

async function findSent(upgrade: Upgrade): Promise<Sent[]> {
  const found = [
    ...(await findInFolders(upgrade, { folder: 'user_sessions', kind: 'sessionLog', prefix: 'sessions' })),
    ...(await findInFolders(upgrade, { folder: 'user_artifacts', kind: 'note', prefix: 'artifacts' })),
  ];
  const byEmail = new Map([...upgrade.users.values()].map(({ id, email }) => [email, id]));
  const notes = join(upgrade.settings.dataDir, 'user_local_md');
  for (const file of await namesIn(notes)) {
    const userId = byEmail.get(file.replace(/\.md$/, '').toLowerCase());
    const path = join(notes, file);
    if (userId === undefined) upgrade.ledger.warn(`${path} was left out: there is no user of that address.`);
    else found.push({ path, userId, kind: 'note', name: 'notes/CLAUDE.local.md' });
  }
  return found;
}

async function findInFolders(
  { ledger, settings, users }: Upgrade,
  given: { folder: string; kind: UploadKind; prefix: string },
): Promise<Sent[]> {
  const folder = join(settings.dataDir, given.folder);
  const found: Sent[] = [];
  for (const userId of await namesIn(folder)) {
    for (const file of await namesIn(join(folder, userId))) {
      const path = join(folder, userId, file);
      // A backslash or a control character is refused in the names of new uploads, too.
      const name = `${given.prefix}/${file.replaceAll(/[\\\p{Cc}]/gu, '_')}`;
      if (!users.has(userId)) ledger.warn(`${path} was left out: there is no user ${userId}.`);
      else if ((await stat(path)).isFile()) found.push({ path, userId, kind: given.kind, name });
    }
  }
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
