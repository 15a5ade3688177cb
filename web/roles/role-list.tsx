import { VisuallyHidden } from '@mantine/core';
import type { Role } from './documents.ts';
import { RoleRow } from './role-row.tsx';
import { WideTable } from '../wide-table.tsx';
import styles from './roles.module.css';

interface RoleListProps {
  roles: readonly Role[];
  selected: string | null;
  onSelect: (key: string) => void;
  /** Null for those who may not. */
  onChange: ((role: Role) => void) | null;
  onDelete: ((role: Role) => void) | null;
}

/** The roles as one table that scrolls sideways where it must. */
export function RoleList({ roles, selected, onSelect, onChange, onDelete }: RoleListProps) {
  const byKey = new Map(roles.map((role) => [role.key, role]));
  const named = (keys: readonly { key: string }[]) => keys.flatMap(({ key }) => byKey.get(key) ?? []);
  return (
    <WideTable label="List of roles" className={styles.list}>
      <thead>
        <tr>
          <th scope="col">Role</th>
          <th scope="col">Module</th>
          <th scope="col">Implies</th>
          <th scope="col">Implied by</th>
          <th scope="col" className={styles.number}>
            Grants
          </th>
          <th scope="col" className={styles.number}>
            Mappings
          </th>
          <th scope="col">
            Defined by<VisuallyHidden>, and how to change it</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {roles.map((role) => (
          <RoleRow
            key={role.key}
            role={role}
            implies={named(role.implies)}
            impliedBy={named(role.impliedBy)}
            selected={role.key === selected}
            onSelect={() => onSelect(role.key)}
            onChange={onChange && (() => onChange(role))}
            onDelete={onDelete && (() => onDelete(role))}
          />
        ))}
      </tbody>
    </WideTable>
  );
}
