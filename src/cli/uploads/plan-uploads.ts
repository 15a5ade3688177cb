import type { Connection } from '../connection/connection.ts';
import { notSignedIn } from '../connection/answer.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { sha256OfFile } from '../workspace/hash-file.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { findFiles, type FoundFile } from './find-files.ts';
import type { SentFile } from './sent-files.ts';
import type { UploadSettings } from './upload-settings.ts';

/** What is to be sent, and what cannot be. */
export interface UploadPlan {
  readonly toSend: readonly (FoundFile & { readonly sha256: string })[];
  readonly failed: readonly { readonly file: string; readonly error: string }[];
  readonly leftOut: readonly string[];
  /** How large one file may be. */
  readonly fileBytes: number;
}

const ReadUploadRoom = graphql(`
  query ReadUploadRoom {
    viewer {
      uploadRoom {
        fileBytes
        leftBytes
      }
    }
  }
`);

const ReadUploadsWith = graphql(`
  query ReadUploadsWith($sha256: [String!]!) {
    viewer {
      uploadsWith(sha256: $sha256) {
        sha256
      }
    }
  }
`);

const askedAtOnce = 1000;

/**
 * Compares the files of the workspace with what the server has had, which is noted in `sent` where it was not known. Nothing is
 * asked while nothing has changed.
 */
export async function planUploads(
  connection: Connection,
  given: { workspace: Workspace; settings: UploadSettings; sent: Map<string, SentFile> },
): Promise<UploadPlan> {
  const { workspace, settings, sent } = given;
  const { files, leftOut } = await findFiles(workspace, settings);
  const names = new Set(files.map(({ name }) => name));
  for (const name of sent.keys()) if (!names.has(name)) sent.delete(name);
  const changed = files.filter(({ name, sizeBytes, changedAt }) => {
    const before = sent.get(name);
    return before?.sizeBytes !== sizeBytes || before.changedAt !== changedAt;
  });
  if (changed.length === 0) return { toSend: [], failed: [], leftOut, fileBytes: 0 };
  const room = await readRoom(connection);
  const failed: { file: string; error: string }[] = [];
  const unknown: (FoundFile & { sha256: string })[] = [];
  for (const file of changed) {
    const { name, sizeBytes, changedAt } = file;
    if (sizeBytes > room.fileBytes) {
      failed.push({ file: name, error: tooLarge(room.fileBytes) });
      continue;
    }
    try {
      const sha256 = await sha256OfFile(file.path);
      if (sent.get(name)?.sha256 === sha256) sent.set(name, { sha256, sizeBytes, changedAt });
      else unknown.push({ ...file, sha256 });
    } catch (error) {
      failed.push({ file: name, error: unreadable(error) });
    }
  }
  const there = await readThere(connection, unknown);
  const toSend: (FoundFile & { sha256: string })[] = [];
  let { leftBytes } = room;
  for (const file of unknown) {
    const { name, sha256, sizeBytes, changedAt } = file;
    if (toSend.some((other) => other.sha256 === sha256)) continue; // The next sync finds it there.
    if (there.has(sha256)) {
      sent.set(name, { sha256, sizeBytes, changedAt });
    } else if (sizeBytes > leftBytes) {
      failed.push({
        file: name,
        error: `There is room for ${leftBytes} more bytes of yours; see \`da uploads list\`.`,
      });
    } else {
      leftBytes -= sizeBytes;
      toSend.push(file);
    }
  }
  return { toSend, failed, leftOut, fileBytes: room.fileBytes };
}

/** What is said of a file that is larger than the server takes. */
export function tooLarge(fileBytes: number): string {
  return `A file may have ${fileBytes} bytes at most.`;
}

/** What is said of a file that cannot be read. */
export function unreadable(error: unknown): string {
  return `It cannot be read (${(error as NodeJS.ErrnoException).code}).`;
}

async function readRoom(connection: Connection): Promise<{ fileBytes: number; leftBytes: number }> {
  const { viewer } = await request(connection, ReadUploadRoom);
  if (!viewer) throw notSignedIn(connection);
  const { fileBytes, leftBytes } = viewer.uploadRoom;
  return { fileBytes: Number(fileBytes), leftBytes: Number(leftBytes) };
}

async function readThere(connection: Connection, files: readonly { sha256: string }[]): Promise<Set<string>> {
  const there = new Set<string>();
  for (let at = 0; at < files.length; at += askedAtOnce) {
    const asked = files.slice(at, at + askedAtOnce).map(({ sha256 }) => sha256);
    const { viewer } = await request(connection, ReadUploadsWith, { sha256: asked });
    for (const { sha256 } of viewer?.uploadsWith ?? []) there.add(sha256);
  }
  return there;
}
