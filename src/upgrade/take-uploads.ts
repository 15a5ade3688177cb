import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../kernel/ids.ts';
import { uploadLimits, type UploadKind } from '../distribution/upload.ts';
import { copyDurably } from './copy-durably.ts';
import { ownEntriesIn, ownFilesBelow, leaveOut } from './files-beside.ts';
import { firstTimes, type Upgrade } from './upgrade.ts';
import { userNamed } from './user-named.ts';

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
  const again: string[] = [];
  let count = 0;
  ledger.current = `in ${folder}`;
  if (!upgrade.isTrial) await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const sent of findSent(upgrade)) {
    ledger.current = `in ${sent.path}`;
    const inspected = await inspect(upgrade, sent.path);
    if (!inspected) continue;
    const { size, at, sha256 } = inspected;
    if (!isFirst(`${sent.userId} ${sha256}`)) {
      again.push(sent.path);
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
      stored_at: at,
    });
    count += 1;
  }
  if (again.length > 0) {
    ledger.file(
      `Not copied again is what its owner has sent under another name, too (files: ${again.length}, such as ${again[0]}).`,
    );
  }
  if (count > 0)
    ledger.file(`${count} notes and session logs that people had sent are copied and stay where they are.`);
}

function findSent(upgrade: Upgrade): Sent[] {
  const { ledger, settings, users } = upgrade;
  const found = [
    ...findInFolders(upgrade, { folder: 'user_sessions', kind: 'sessionLog', prefix: 'sessions' }),
    ...findInFolders(upgrade, { folder: 'user_artifacts', kind: 'note', prefix: 'artifacts' }),
  ];
  const notes = join(settings.dataDir, 'user_local_md');
  ledger.current = `in ${notes}`;
  for (const { name, path, kind } of ownEntriesIn(notes, ledger)) {
    const userId = userNamed(upgrade, name.replace(/\.md$/, ''));
    if (kind !== 'file') ledger.warn(`${path} was left out: it is no file.`);
    else if (!users.has(userId)) ledger.warn(`${path} was left out: there is no user of that address.`);
    else found.push({ path, userId, kind: 'note', name: 'notes/CLAUDE.local.md' });
  }
  return found;
}

/** What lies in folders that are named by user, also deeper. */
function findInFolders(upgrade: Upgrade, given: { folder: string; kind: UploadKind; prefix: string }): Sent[] {
  const { ledger, settings, users } = upgrade;
  const folder = join(settings.dataDir, given.folder);
  ledger.current = `in ${folder}`;
  const entries = ownEntriesIn(folder, ledger);
  const strays = entries.filter(({ kind }) => kind !== 'folder');
  if (strays.length > 0) {
    const example = strays[0]!.name;
    ledger.warn(
      `What lies in ${folder} itself was left out (files: ${strays.length}, such as ${example}): no folder says whose it is.`,
    );
  }
  return entries
    .filter(({ kind }) => kind === 'folder')
    .flatMap((named) => {
      const userId = userNamed(upgrade, named.name);
      const files = ownFilesBelow(named.path, ledger);
      if (!users.has(userId)) {
        const example = files[0]?.name;
        if (example !== undefined) {
          ledger.warn(
            `${named.path} was left out (files: ${files.length}, such as ${example}): there is no user ${named.name}.`,
          );
        }
        return [];
      }
      // A backslash or a control character is refused in the names of new uploads, too.
      const nameOf = (name: string) => `${given.prefix}/${name.replaceAll(/[\\\p{Cc}]/gu, '_')}`;
      return files.map(({ name, path }) => ({ path, userId, kind: given.kind, name: nameOf(name) }));
    });
}

/** What a file holds; null, with a warning, where it cannot be read or is too large. */
async function inspect({ ledger }: Upgrade, path: string): Promise<{ size: number; at: Date; sha256: string } | null> {
  try {
    const { size, mtime } = await stat(path);
    if (size > uploadLimits.fileBytes) {
      ledger.warn(`${path} was left out: it is larger than what may be sent.`);
      return null;
    }
    return { size, at: mtime, sha256: await digestOf(path) };
  } catch (error) {
    leaveOut(ledger, path, error);
    return null;
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
