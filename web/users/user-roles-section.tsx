import { EffectiveRoles } from '../person/effective-roles.tsx';
import { ExternalGroups } from '../person/external-groups.tsx';
import styles from '../person/person.module.css';
import { QueryView } from '../query-view.tsx';
import { CoreRoleForm } from './core-role-form.tsx';
import { DirectGrants } from './direct-grants.tsx';
import { UserRolesQuery } from './documents.ts';
import { GrantForm } from './grant-form.tsx';

/** What a user is given directly, and what that and the groups come to. */
export function UserRolesSection({ id, onDone }: { id: string; onDone: (announcement: string) => void }) {
  return (
    <QueryView query={UserRolesQuery} variables={{ id }} what="The roles">
      {({ user, roles }) =>
        user &&
        roles && (
          <>
            <CoreRoleForm user={user} roles={roles.filter(({ isCore }) => isCore)} onDone={onDone} />
            <h3 className={styles.subtitle}>Given directly</h3>
            <DirectGrants grants={user.roleGrants} onDone={onDone} />
            <GrantForm user={user} roles={roles} onDone={onDone} />
            <h3 className={styles.subtitle}>In effect</h3>
            <EffectiveRoles
              roles={user.effectiveRoles}
              nobody={user.active ? 'Give a role above, or map a group.' : 'The user is not active.'}
            />
            <h3 className={styles.subtitle}>Groups</h3>
            <ExternalGroups groups={user.externalGroups} roles={user.effectiveRoles} />
          </>
        )
      }
    </QueryView>
  );
}
