import { Notice } from '../notice.tsx';
import { RoleNames } from '../roles/role-names.tsx';
import type { EffectiveRole } from './documents.ts';
import styles from './person.module.css';

interface ExternalGroupsProps {
  groups: readonly { id: string; name: string }[];
  roles: readonly EffectiveRole[];
}

/** The groups of identity providers, each with the roles that its mappings give. */
export function ExternalGroups({ groups, roles }: ExternalGroupsProps) {
  if (groups.length === 0) {
    return (
      <Notice title="In no group">
        <p>Groups come along when somebody signs in by a provider that names them.</p>
      </Notice>
    );
  }
  const mapped = findMappedRoles(roles);
  return (
    <ul className={styles.rows} aria-label="Groups">
      {groups.map(({ id, name }) => (
        <li key={id} data-group={id}>
          <div className={styles.what}>
            <bdi className={styles.name} title={name}>
              {name}
            </bdi>
            {name !== id && (
              <bdi className={styles.detail} title={id}>
                {id}
              </bdi>
            )}
          </div>
          <div className={styles.ways}>
            {mapped.has(id) ? (
              <>
                gives <RoleNames roles={[...(mapped.get(id)?.values() ?? [])]} />
              </>
            ) : (
              'gives no role'
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

type NamedRole = { key: string; displayName: string };

/** For each group that gives a role in effect, the roles that it is mapped to, by key. */
function findMappedRoles(roles: readonly EffectiveRole[]): Map<string, Map<string, NamedRole>> {
  const mapped = new Map<string, Map<string, NamedRole>>();
  for (const { mapping } of roles.flatMap(({ via }) => via)) {
    if (!mapping?.role) continue;
    const given = mapped.get(mapping.externalGroupId) ?? new Map<string, NamedRole>();
    mapped.set(mapping.externalGroupId, given.set(mapping.role.key, mapping.role));
  }
  return mapped;
}
