import { emailAddress } from '../people/user.ts';
import type { OldRow } from './old-row.ts';
import { allRowsOf, firstTimes, rolesStandInUsers, type Upgrade } from './upgrade.ts';

interface Candidate {
  row: OldRow;
  id: string;
  email: string;
  /** As it was written. */
  written: string;
  active: boolean;
  createdAt: Date | null;
  hasPassword: boolean;
}

/**
 * Takes over who there is, with the hashes of their passwords; resolves to the rows of those who were. Addresses are in lower case
 * here, each once.
 */
export async function takeUsers(upgrade: Upgrade): Promise<OldRow[]> {
  const { ledger, users, at } = upgrade;
  const rows = await allRowsOf(upgrade, 'users');
  const taken: OldRow[] = [];
  let links = 0;
  const unreadable: string[] = [];
  for (const [email, same] of await groupByEmail(upgrade, rows)) {
    const [chosen, ...others] = same.toSorted(byRank);
    for (const { row, id, written } of others) {
      await ledger.left(row, { key: id, reason: 'the same e-mail address as another user, but for upper case' });
      ledger.warn(`${written} (${id}) was not taken over: ${chosen!.written} (${chosen!.id}) has the same address.`);
    }
    const { row, id, active, createdAt, written, hasPassword } = chosen!;
    if (row.text('setup_token') !== null || row.text('reset_token') !== null) links += 1;
    for (const column of ['setup_token_created', 'reset_token_created']) row.text(column);
    await ledger.put('users', {
      id,
      email,
      name: row.text('name'),
      active,
      password_hash: passwordHashOf(row),
      created_at: createdAt ?? at,
      last_seen_at: null,
    });
    users.set(id, { id, email, active });
    if (hasPassword && passwordHashOf(row) === null) unreadable.push(email);
    if (!active && row.boolean('active') === null) {
      ledger.warn(`${email} is inactive: what the row says of that is neither true nor false.`);
    }
    if (rolesStandInUsers(upgrade)) row.text('role');
    await ledger.took(row, id);
    taken.push(row);
    if (!emailAddress.safeParse(written).success) {
      ledger.warn(`${email} is no e-mail address: change it, so that ${id} can sign in.`);
    }
  }
  if (links > 0) ledger.warn(`Links to set or reset a password end (${links}); send new ones.`);
  if (unreadable.length > 0) {
    ledger.warn(
      `Passwords of a kind that cannot be checked here were left out; send a link to ${unreadable.join(', ')}.`,
    );
  }
  return taken;
}

function passwordHashOf(row: OldRow): string | null {
  const hash = row.text('password_hash');
  if (hash === null || hash.startsWith('$argon2')) return hash;
  row.giveBack('password_hash');
  return null;
}

async function groupByEmail({ ledger }: Upgrade, rows: readonly OldRow[]): Promise<Map<string, Candidate[]>> {
  const isFirst = firstTimes();
  const groups = new Map<string, Candidate[]>();
  for (const row of rows) {
    const [id, written] = [row.text('id'), row.text('email')];
    if (id === null || written === null || written.trim() === '') {
      await ledger.left(row, { key: id ?? 'no id', reason: 'it has no id or no e-mail address' });
    } else if (isFirst(id)) {
      const email = written.trim().toLowerCase();
      groups.set(email, [...(groups.get(email) ?? []), candidate(row, { id, email, written })]);
    } else {
      await ledger.left(row, { key: id, reason: 'another user has the same id' });
    }
  }
  return groups;
}

function candidate(row: OldRow, known: { id: string; email: string; written: string }): Candidate {
  return {
    row,
    ...known,
    active: row.boolean('active') ?? !row.holds('active'),
    createdAt: row.instant('created_at'),
    hasPassword: row.text('password_hash') !== null,
  };
}

/** Of those with one address the one who could sign in there, and then the oldest. */
function byRank(one: Candidate, other: Candidate): number {
  return (
    Number(other.active) - Number(one.active) ||
    Number(other.hasPassword) - Number(one.hasPassword) ||
    Number(other.written === other.email) - Number(one.written === one.email) ||
    (one.createdAt?.getTime() ?? Infinity) - (other.createdAt?.getTime() ?? Infinity) ||
    (one.id < other.id ? -1 : 1)
  );
}
