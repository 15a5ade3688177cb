import { Anchor, Title, VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../frame/session.ts';
import { Notice } from '../notice.tsx';
import { SectionPages } from '../person/section-pages.tsx';
import { QueryView } from '../query-view.tsx';
import { CredentialsSection } from './credentials-section.tsx';
import { UserQuery } from './documents.ts';
import { OverviewSection } from './overview-section.tsx';
import { UserRolesSection } from './user-roles-section.tsx';
import { UserTablesSection } from './user-tables-section.tsx';
import styles from './users.module.css';

/** Everything an administrator decides about one user; `id` is global. */
export function UserPage({ id }: { id: string }) {
  const { instance } = useSession();
  const [announcement, setAnnouncement] = useState('');
  return (
    <QueryView query={UserQuery} variables={{ id }} what="The user">
      {({ user }) =>
        user ? (
          <>
            <title>{`${user.email} · ${instance.name}`}</title>
            <Title order={1} size="h2" mb="md" className={styles.heading}>
              <bdi>{user.name ?? user.email}</bdi>
            </Title>
            <SectionPages
              label="Parts of this user"
              sections={[
                {
                  id: 'overview',
                  label: 'Overview',
                  content: <OverviewSection user={user} onDone={setAnnouncement} />,
                },
                {
                  id: 'roles',
                  label: 'Roles and groups',
                  content: <UserRolesSection id={id} onDone={setAnnouncement} />,
                },
                { id: 'tables', label: 'Tables', content: <UserTablesSection id={id} /> },
                {
                  id: 'sessions',
                  label: 'Sessions',
                  content: <CredentialsSection id={id} kind="sessions" onDone={setAnnouncement} />,
                },
                {
                  id: 'devices',
                  label: 'Devices',
                  content: <CredentialsSection id={id} kind="devices" onDone={setAnnouncement} />,
                },
                {
                  id: 'tokens',
                  label: 'Tokens',
                  content: <CredentialsSection id={id} kind="tokens" onDone={setAnnouncement} />,
                },
              ]}
            />
            <VisuallyHidden role="status">{announcement}</VisuallyHidden>
          </>
        ) : (
          <Notice title="There is no such user" level={1}>
            <title>{`No such user · ${instance.name}`}</title>
            <p>
              The user may have been removed.{' '}
              <Anchor component={Link} to="/admin/users" underline="always">
                Go to all users
              </Anchor>
              .
            </p>
          </Notice>
        )
      }
    </QueryView>
  );
}
