import type { Role } from './documents.ts';
import type { RelatedRoles } from './related-roles.ts';
import { RoleNames } from './role-names.tsx';
import styles from './roles.module.css';

interface SelectedRoleProps {
  roles: readonly Role[];
  selected: string | null;
  related: RelatedRoles;
  /** How many roles are not drawn. */
  alone: number;
}

/** Says in words what the graph tells apart, and what it leaves out. */
export function SelectedRole({ roles, selected, related, alone }: SelectedRoleProps) {
  const role = roles.find(({ key }) => key === selected);
  const named = (keys: ReadonlySet<string>) => roles.filter(({ key }) => keys.has(key));
  return (
    <div className={styles.caption} role="region" aria-label="About the chosen role" tabIndex={0}>
      <div role="status">
        {role ? (
          <>
            <p>
              <bdi className={styles.strong}>{role.displayName}</bdi> implies:{' '}
              <span className={styles.implied}>
                <RoleNames roles={named(related.implied)} />
              </span>
            </p>
            <p>
              Implied by:{' '}
              <span className={styles.impliedBy}>
                <RoleNames roles={named(related.impliedBy)} />
              </span>
            </p>
          </>
        ) : (
          <p>Choose a role to see what it implies, and what implies it.</p>
        )}
      </div>
      {alone > 0 && (
        <p>
          Not drawn: {alone === 1 ? '1 role that implies none' : `${alone} roles that imply none`} and that no other
          implies.
        </p>
      )}
    </div>
  );
}
