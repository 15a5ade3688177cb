import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '../kernel/ids.ts';
import { tablesMeant } from './old-tables.ts';
import { firstTimes, rowsOf, type Upgrade } from './upgrade.ts';
import { userNamed } from './user-named.ts';

/** Takes over what no domain here has a table for yet, with all its values. */
export async function takeKept(upgrade: Upgrade): Promise<void> {
  await takeKnowledge(upgrade);
  await takeScripts(upgrade);
  await takeTelegram(upgrade);
  await takeSyncSettings(upgrade);
  await takeProfiles(upgrade);
}

async function takeKnowledge(upgrade: Upgrade): Promise<void> {
  const { ledger, users } = upgrade;
  const items = new Set<string>();
  for await (const row of rowsOf(upgrade, 'knowledge_items')) {
    const id = row.text('id') ?? newId();
    if (items.has(id)) {
      await ledger.left(row, { key: id, reason: 'another item has the same id' });
      continue;
    }
    items.add(id);
    await ledger.put('predecessor_knowledge_items', {
      id,
      title: row.text('title') ?? '',
      content: row.text('content'),
      category: row.text('category'),
      tags: row.text('tags'),
      status: row.text('status'),
      contributors: row.text('contributors'),
      source_user: row.text('source_user'),
      audience: row.text('audience'),
      created_at: row.instant('created_at'),
      updated_at: row.instant('updated_at'),
    });
    await ledger.took(row, id);
  }
  const isFirst = firstTimes();
  for await (const row of rowsOf(upgrade, 'knowledge_votes')) {
    const [itemId, userId] = [row.text('item_id') ?? '', userNamed(upgrade, row.text('user_id') ?? '')];
    const key = `${itemId} ${userId}`;
    const reason =
      (!items.has(itemId) && `there is no item ${itemId}`) ||
      (!users.has(userId) && `there is no user ${userId}`) ||
      (!isFirst(key) && 'the user has voted already');
    if (reason) {
      await ledger.left(row, { key, reason });
      continue;
    }
    await ledger.put('predecessor_knowledge_votes', {
      item_id: itemId,
      user_id: userId,
      vote: row.integer('vote'),
      voted_at: row.instant('voted_at'),
    });
    await ledger.took(row, key);
  }
}

async function takeScripts(upgrade: Upgrade): Promise<void> {
  const { ledger } = upgrade;
  const isFirst = firstTimes();
  for await (const row of rowsOf(upgrade, 'script_registry')) {
    const id = row.text('id') ?? newId();
    if (!isFirst(id)) {
      await ledger.left(row, { key: id, reason: 'another script has the same id' });
      continue;
    }
    await ledger.put('predecessor_scripts', {
      id,
      name: row.text('name') ?? '',
      owner: row.text('owner'),
      schedule: row.text('schedule'),
      source: row.text('source') ?? '',
      deployed_at: row.instant('deployed_at'),
      last_run_at: row.instant('last_run'),
      last_status: row.text('last_status'),
    });
    await ledger.took(row, id);
  }
}

async function takeTelegram(upgrade: Upgrade): Promise<void> {
  const { ledger, users } = upgrade;
  const isFirst = firstTimes();
  for await (const row of rowsOf(upgrade, 'telegram_links')) {
    const [userId, chatId] = [userNamed(upgrade, row.text('user_id') ?? ''), row.integer('chat_id')];
    const reason =
      (!users.has(userId) && `there is no user ${userId}`) ||
      (chatId === null && 'it names no chat, or none with a number that can be kept') ||
      (!isFirst(userId) && 'the user has a link already');
    if (reason) {
      await ledger.left(row, { key: userId, reason });
      continue;
    }
    await ledger.put('predecessor_telegram_links', {
      user_id: userId,
      chat_id: chatId!,
      linked_at: row.instant('linked_at'),
    });
    await ledger.took(row, userId);
  }
  const codes = join(upgrade.settings.dataDir, 'notifications', 'pending_codes.json');
  if (existsSync(codes)) ledger.file(`${codes} was left out: codes for linking a chat have ended.`);
  for await (const row of rowsOf(upgrade, 'pending_codes')) {
    ledger.dropped(row, { key: `chat ${row.text('chat_id')}`, reason: 'codes for linking a chat have ended' });
  }
}

async function takeSyncSettings(upgrade: Upgrade): Promise<void> {
  const { ledger, users } = upgrade;
  const isFirst = firstTimes();
  for await (const row of rowsOf(upgrade, 'user_sync_settings')) {
    const [userId, dataset] = [row.text('user_id') ?? '', row.text('dataset') ?? ''];
    const key = `${userId} ${dataset}`;
    const reason =
      (!users.has(userId) && `there is no user ${userId}`) ||
      (!isFirst(key) && 'another row is about the same dataset');
    if (reason) {
      await ledger.left(row, { key, reason });
      continue;
    }
    await ledger.put('predecessor_sync_settings', {
      user_id: userId,
      dataset,
      enabled: row.boolean('enabled'),
      table_mode: row.text('table_mode'),
      tables: row.text('tables'),
      updated_at: row.instant('updated_at'),
    });
    await ledger.took(row, key);
  }
}

async function takeProfiles(upgrade: Upgrade): Promise<void> {
  const { ledger } = upgrade;
  const isFirst = firstTimes();
  for await (const row of rowsOf(upgrade, 'table_profiles')) {
    const tableId = row.text('table_id') ?? '';
    if (!isFirst(tableId)) {
      await ledger.left(row, { key: tableId, reason: 'another profile is about the same table' });
      continue;
    }
    if (tablesMeant(upgrade, tableId).length === 0) {
      ledger.warn(`The profile of ${tableId} is kept, but there is no such table.`);
    }
    await ledger.put('predecessor_table_profiles', {
      table_id: tableId,
      profile: row.text('profile') ?? 'null',
      profiled_at: row.instant('profiled_at'),
    });
    await ledger.took(row, tableId);
  }
}
