import { EffectiveRoles } from '../person/effective-roles.tsx';
import { ExternalGroups } from '../person/external-groups.tsx';
import styles from '../person/person.module.css';
import { QueryView } from '../query-view.tsx';
import { OwnRolesQuery } from './documents.ts';

/** One's roles with every way by which one has them, and one's groups. */
export function RolesSection() {
  return (
    <QueryView query={OwnRolesQuery} variables={{}} what="Your roles">
      {({ viewer }) =>
        viewer && (
          <>
            <p className={styles.introduction}>Roles say what you may do. Each is told with all that gave it to you.</p>
            <EffectiveRoles roles={viewer.effectiveRoles} nobody="Ask an administrator to give you one." />
            <h3 className={styles.subtitle}>Groups</h3>
            <ExternalGroups groups={viewer.externalGroups} roles={viewer.effectiveRoles} />
          </>
        )
      }
    </QueryView>
  );
}
