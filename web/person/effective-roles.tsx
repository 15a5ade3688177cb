import { Notice } from '../notice.tsx';
import type { EffectiveRole } from './documents.ts';
import styles from './person.module.css';
import { RolePath } from './role-path.tsx';

/** Ways that are told at once; there can be very many, and the shortest come first. */
const shownPaths = 4;

/** The roles that count, each with how it came. */
export function EffectiveRoles({ roles, nobody }: { roles: readonly EffectiveRole[]; nobody: string }) {
  if (roles.length === 0) {
    return (
      <Notice title="No role counts">
        <p>{nobody}</p>
      </Notice>
    );
  }
  return (
    <ul className={styles.rows} aria-label="Roles in effect">
      {roles.map(({ role, via }) => (
        <li key={role.key} data-effective-role={role.key}>
          <div className={styles.what}>
            <bdi className={styles.name} title={role.displayName}>
              {role.displayName}
            </bdi>
            <span className={styles.detail}>{role.key}</span>
          </div>
          <ul className={styles.ways} aria-label={`How ${role.displayName} came`}>
            {via.slice(0, shownPaths).map((path, index) => (
              <li key={index}>
                <RolePath path={path} />
              </li>
            ))}
            {via.length > shownPaths && <li>and in {via.length - shownPaths} more ways</li>}
          </ul>
        </li>
      ))}
    </ul>
  );
}
