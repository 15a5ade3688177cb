import { newId } from '../kernel/ids.ts';
import type { TableGrant } from '../sharing/table-grant.ts';
import type { OldRow } from './old-row.ts';
import { tablesMeant, whyNotOne } from './old-tables.ts';
import { predecessor } from './take-roles.ts';
import { allRowsOf, firstTimes, rowsOf, type Upgrade } from './upgrade.ts';

interface Scope {
  scope_kind: 'table' | 'bucket';
  scope_id: string;
  bucket: string;
}

/** Takes over who may read what: `none` is a denial, every other word was a permission. */
export async function takePermissions(upgrade: Upgrade): Promise<void> {
  const { ledger, users, at } = upgrade;
  const isFirst = firstTimes();
  const denied = new Map<string, Set<string>>();
  const rows = await allRowsOf(upgrade, 'dataset_permissions');
  for (const row of [...rows.filter(isDenial), ...rows.filter((one) => !isDenial(one))]) {
    const [userId, dataset] = [row.text('user_id') ?? '', row.text('dataset') ?? ''];
    const key = `${userId} ${dataset}`;
    const scopes = users.has(userId) ? scopesOf(upgrade, dataset) : `there is no user ${userId}`;
    if (typeof scopes === 'string') {
      await ledger.left(row, { key, reason: scopes });
      continue;
    }
    const effect = effectOf(row);
    const fresh = scopes.filter((scope) => isFirst(JSON.stringify([userId, scope])));
    for (const scope of fresh) {
      await ledger.put('table_grants', {
        id: newId(),
        ...scope,
        grantee_kind: 'user',
        grantee_id: userId,
        effect,
        starts_at: null,
        expires_at: null,
        granted_by: predecessor,
        granted_at: at,
      });
      if (effect === 'deny') denied.set(userId, (denied.get(userId) ?? new Set()).add(dataset));
    }
    if (fresh.length > 0) await ledger.took(row, key);
    else await ledger.left(row, { key, reason: 'another row says the same, or denies it' });
  }
  for (const [userId, datasets] of denied) {
    ledger.warn(
      `${users.get(userId)!.email} is denied ${[...datasets].join(', ')} now, also where a table is public or its bucket is open: a denial lost to both before.`,
    );
  }
}

function isDenial(row: OldRow): boolean {
  return row.text('access') === 'none';
}

function effectOf(row: OldRow): TableGrant['effect'] {
  const access = row.text('access') ?? 'read';
  if (access !== 'read' && access !== 'none') row.giveBack('access');
  return isDenial(row) ? 'deny' : 'allow';
}

/** What a name of a dataset covers: a table, or `<bucket>.*` in every source that has such a bucket; or why it covers nothing. */
function scopesOf(upgrade: Upgrade, dataset: string): Scope[] | string {
  const meant = tablesMeant(upgrade, dataset);
  if (meant.length === 1) return [{ scope_kind: 'table', scope_id: meant[0]!.id, bucket: '' }];
  if (!dataset.endsWith('.*')) return whyNotOne(meant, dataset);
  const bucket = dataset.slice(0, -2);
  const sourceIds = new Set(upgrade.tables.filter((table) => table.bucket === bucket).map(({ sourceId }) => sourceId));
  if (sourceIds.size === 0) return `no table is in the bucket ${bucket}`;
  return [...sourceIds].map((scope_id) => ({ scope_kind: 'bucket', scope_id, bucket }));
}

const statuses = ['pending', 'approved', 'denied'] as const;

/** Takes over who asked to read which table, and what became of it. */
export async function takeAccessRequests(upgrade: Upgrade): Promise<void> {
  const { ledger, users, at } = upgrade;
  const isFirst = firstTimes();
  for await (const row of rowsOf(upgrade, 'access_requests')) {
    const [id, userId, tableId] = [row.text('id') ?? newId(), row.text('user_id') ?? '', row.text('table_id') ?? ''];
    const written = row.text('status') ?? 'pending';
    const status = statuses.find((one) => one === written);
    const meant = tablesMeant(upgrade, tableId);
    const reason =
      (!users.has(userId) && `there is no user ${userId}`) ||
      (meant.length !== 1 && whyNotOne(meant, tableId)) ||
      (!status && `there is no status ${written}`) ||
      (!isFirst(id) && 'another request has the same id');
    if (reason) {
      await ledger.left(row, { key: id, reason });
      continue;
    }
    if (row.text('user_email')?.toLowerCase() !== users.get(userId)!.email) row.giveBack('user_email');
    await ledger.put('access_requests', {
      id,
      user_id: userId,
      table_id: meant[0]!.id,
      reason: row.text('reason') ?? '',
      status: status!,
      requested_at: row.instant('created_at') ?? at,
      decided_at: row.instant('reviewed_at'),
      decided_by: row.text('reviewed_by'),
      note: null,
      expires_at: null,
    });
    await ledger.took(row, id);
  }
}
