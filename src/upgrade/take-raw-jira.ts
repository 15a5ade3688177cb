import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { copyDurably } from './copy-durably.ts';
import type { Upgrade } from './upgrade.ts';

/**
 * Puts the issues as Jira answered them where the connector looks for them, so that it need not ask for them again. The predecessor
 * kept them in one of two folders; what lies in the right one stays as it is.
 */
export async function takeRawJira(upgrade: Upgrade): Promise<void> {
  const { ledger, settings, tables } = upgrade;
  const named = settings.readVariable('JIRA_DATA_DIR');
  const from = join(named ?? join(settings.dataDir, 'src_data', 'raw', 'jira'), 'issues');
  const to = join(settings.dataDir, 'extracts', 'jira', 'raw', 'issues');
  const [names, there] = [await issuesIn(from), new Set(await issuesIn(to))];
  if (there.size > 0) ledger.file(`${to} holds ${there.size} issues, which the next sync of Jira reads.`);
  const wanted = names.filter((name) => !there.has(name));
  if (wanted.length === 0 || from === to) return;
  if (!tables.some(({ sourceName }) => sourceName === 'jira')) {
    ledger.warn(
      `${from} holds ${wanted.length} issues of Jira, but no table of Jira is there; they stay where they are.`,
    );
    return;
  }
  ledger.current = `in ${from}`;
  ledger.file(`${wanted.length} issues of ${from} are copied to ${to}, which the next sync of Jira reads.`);
  if (upgrade.isTrial) return;
  await mkdir(to, { recursive: true });
  for (const name of wanted) await copyDurably(join(from, name), join(to, name));
}

async function issuesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.json'));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
