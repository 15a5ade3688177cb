import { useState } from 'react';
import styles from '../person/person.module.css';
import { RelativeTime } from '../relative-time.tsx';
import { AccountActions } from './account-actions.tsx';
import type { GivenLink, UserAccount } from './documents.ts';
import { LinkGiven } from './link-given.tsx';
import { NameForm } from './name-form.tsx';
import own from './users.module.css';

interface OverviewSectionProps {
  user: UserAccount;
  onDone: (announcement: string) => void;
}

/** Who the user is, and what can be done about the account as a whole. */
export function OverviewSection({ user, onDone }: OverviewSectionProps) {
  const [given, setGiven] = useState<{ what: string; link: GivenLink; count: number } | null>(null);
  return (
    <>
      {given && <LinkGiven key={given.count} given={given.link} email={user.email} what={given.what} />}
      <dl className={styles.facts}>
        <dt>E-mail address</dt>
        <dd>
          <bdi>{user.email}</bdi>
        </dd>
        <dt>State</dt>
        <dd>{user.active ? 'active' : <strong className={own.off}>deactivated: no role counts</strong>}</dd>
        <dt>Password</dt>
        <dd>{user.hasPassword ? 'has one' : 'has none'}</dd>
        <dt>Added</dt>
        <dd>
          <RelativeTime moment={user.createdAt} />
        </dd>
        <dt>Last here</dt>
        <dd>{user.lastSeenAt === null ? 'never' : <RelativeTime moment={user.lastSeenAt} />}</dd>
      </dl>
      <AccountActions
        user={user}
        onDone={onDone}
        onLink={(what, link) => setGiven((last) => ({ what, link, count: (last?.count ?? 0) + 1 }))}
      />
      <h3 className={styles.subtitle}>Name and address</h3>
      <NameForm key={user.id} user={user} onDone={onDone} />
    </>
  );
}
