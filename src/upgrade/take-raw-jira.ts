import { closeSync, openSync, readSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { copyDurably } from './copy-durably.ts';
import { entriesIn, faultOfFolder, leaveOut, ownEntriesIn, ownFilesBelow, type Entry } from './files-beside.ts';
import type { Upgrade } from './upgrade.ts';

/**
 * Puts the issues as Jira answered them where the connector looks for them, so that it need not ask for them again. The predecessor
 * kept them in one of two folders; what lies in the right one stays as it is. Copies of attachments and events of webhooks are only told:
 * the connector knows its copies by what it noted in the issues when it made them.
 */
export async function takeRawJira(upgrade: Upgrade): Promise<void> {
  const folder = upgrade.settings.readVariable('JIRA_DATA_DIR') ?? join(upgrade.settings.dataDir, 'src_data/raw/jira');
  await takeIssues(upgrade, join(folder, 'issues'));
  tellOfFiles(upgrade, {
    folder: join(folder, 'attachments'),
    what: 'copies of attachments of Jira',
    why: 'a source of Jira with the option attachments fetches its own',
  });
  tellOfFiles(upgrade, {
    folder: join(folder, 'webhook_events'),
    what: 'events that Jira had sent',
    why: 'they are not needed any more',
  });
}

async function takeIssues(upgrade: Upgrade, from: string): Promise<void> {
  const { ledger, settings, tables } = upgrade;
  const extract = join(settings.dataDir, 'extracts', 'jira');
  const to = join(extract, 'raw', 'issues');
  ledger.current = `in ${from}`;
  const there = entriesIn(to, ledger);
  const held = issuesAmong(upgrade, there);
  if (held.length > 0) ledger.file(`${to} holds ${held.length} issues, which the next sync of Jira reads.`);
  if (from === to) return;
  const taken = new Set(there.map(({ name }) => name));
  const wanted = issuesAmong(upgrade, ownEntriesIn(from, ledger)).filter(
    ({ name, path }) => !taken.has(name) && isReadable(upgrade, path),
  );
  if (wanted.length === 0) return;
  const unfit = [extract, join(extract, 'raw'), to].find((folder) => faultOfFolder(folder) !== null);
  if (unfit !== undefined || !tables.some(({ sourceName }) => sourceName === 'jira')) {
    const why = unfit === undefined ? 'no table of Jira is there' : `${unfit} ${faultOfFolder(unfit)}`;
    ledger.warn(`${from} holds ${wanted.length} issues of Jira, but ${why}; they stay where they are.`);
    return;
  }
  ledger.file(`${wanted.length} issues of ${from} are copied to ${to}, which the next sync of Jira reads.`);
  if (upgrade.isTrial) return;
  await mkdir(to, { recursive: true });
  for (const { name, path } of wanted) await copyDurably(path, join(to, name));
}

function issuesAmong({ ledger }: Upgrade, entries: readonly Entry[]): Entry[] {
  const found = entries.filter(({ name }) => name.endsWith('.json'));
  for (const { path, kind } of found) if (kind !== 'file') ledger.warn(`${path} was left out: it is no file.`);
  return found.filter(({ kind }) => kind === 'file');
}

function isReadable({ ledger }: Upgrade, path: string): boolean {
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, Buffer.alloc(1));
    } finally {
      closeSync(file);
    }
    return true;
  } catch (error) {
    leaveOut(ledger, path, error);
    return false;
  }
}

function tellOfFiles({ ledger }: Upgrade, given: { folder: string; what: string; why: string }): void {
  const { folder, what, why } = given;
  const files = ownFilesBelow(folder, ledger);
  if (files.length > 0) {
    ledger.file(
      `${folder} holds ${files.length} ${what}, such as ${files[0]!.name}; they stay where they are: ${why}.`,
    );
  }
}
