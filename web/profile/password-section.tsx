import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useSession } from '../frame/session.ts';
import { Notice } from '../notice.tsx';
import { QueryView } from '../query-view.tsx';
import { AccountQuery } from './documents.ts';
import { PasswordForm } from './password-form.tsx';

/** Changes one's password, or tells how to come to one. */
export function PasswordSection() {
  const { may } = useSession();
  return (
    <QueryView query={AccountQuery} variables={{}} what="Your password">
      {({ viewer }) => {
        if (!viewer) return null;
        if (!viewer.hasPassword) {
          return (
            <Notice title="You have no password">
              <LinkToPassword />
            </Notice>
          );
        }
        return may('Mutation.changePassword') && <PasswordForm />;
      }}
    </QueryView>
  );
}

/** Who has no password, or forgot it, sets one by a link. */
function LinkToPassword() {
  const { instance } = useSession();
  if (!instance.signInDoors.some(({ kind }) => kind === 'EMAIL_LINK')) {
    return <p>Ask an administrator for a link by which you choose one.</p>;
  }
  return (
    <p>
      <Anchor component={Link} to="/reset-password" underline="always">
        Have a link mailed
      </Anchor>{' '}
      by which you choose one.
    </p>
  );
}
