import { newId } from '../kernel/ids.ts';
import { predecessor } from './take-roles.ts';
import { firstTimes, rowsOf, type Upgrade } from './upgrade.ts';

/** Takes over the audit as it is. Who did something is named by the address where the user is known, else as it was named there. */
export async function takeAudit(upgrade: Upgrade): Promise<void> {
  const { ledger, users, at } = upgrade;
  const byEmail = new Map([...users.values()].map((user) => [user.email, user]));
  const isFirst = firstTimes();
  let undated = 0;
  for await (const row of rowsOf(upgrade, 'audit_log')) {
    const [id, named] = [row.text('id') ?? newId(), row.text('user_id')];
    if (!isFirst(id)) {
      await ledger.left(row, { key: id, reason: 'another row has the same id' });
      continue;
    }
    const user = named === null ? undefined : (users.get(named) ?? byEmail.get(named.toLowerCase()));
    const happenedAt = row.instant('timestamp');
    if (happenedAt === null) undated += 1;
    await ledger.put('audit_events', {
      id,
      at: happenedAt ?? at,
      actor_id: user?.id ?? null,
      actor: user?.email ?? named ?? 'nobody',
      credential: predecessor,
      action: row.text('action') ?? '',
      resource: row.text('resource') ?? '',
      details: JSON.stringify(
        detailsOf(row.json('params'), { result: row.text('result'), durationMs: row.integer('duration_ms') }),
      ),
      request_id: predecessor,
    });
    await ledger.took(row, id);
  }
  if (undated > 0)
    ledger.warn(`${undated} rows of the audit say no time that can be kept; they have that of the upgrade.`);
}

/** What the row says besides, in one object: its parameters, and the result and how long it took where it says so. */
function detailsOf(
  params: unknown,
  more: { result: string | null; durationMs: number | null },
): Record<string, unknown> {
  const said = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== null));
  const isObject = typeof params === 'object' && params !== null && !Array.isArray(params);
  if (isObject && !Object.keys(said).some((name) => Object.hasOwn(params, name))) return { ...params, ...said };
  return params === undefined ? said : { params, ...said };
}
