import { Button, Group, UnstyledButton } from '@mantine/core';
import { formatCount } from '../format.ts';
import type { Role } from './documents.ts';
import { RoleNames } from './role-names.tsx';
import styles from './roles.module.css';

interface RoleRowProps {
  role: Role;
  implies: readonly Role[];
  impliedBy: readonly Role[];
  selected: boolean;
  onSelect: () => void;
  /** Null for those who may not. */
  onChange: (() => void) | null;
  onDelete: (() => void) | null;
}

/** One role; long texts are whole when it is selected. */
export function RoleRow({ role, implies, impliedBy, selected, onSelect, onChange, onDelete }: RoleRowProps) {
  const { key, displayName, description, ownerModule, isChangeable, grantCount, mappingCount } = role;
  return (
    <tr data-role={key} data-selected={selected}>
      <th scope="row">
        <UnstyledButton className={styles.name} aria-pressed={selected} onClick={onSelect}>
          <bdi>{displayName}</bdi>
        </UnstyledButton>
        <span className={styles.key}>{key}</span>
        {description && <bdi className={styles.description}>{description}</bdi>}
      </th>
      <td>{ownerModule}</td>
      <td>
        <span className={styles.names}>
          <RoleNames roles={implies} />
        </span>
      </td>
      <td>
        <span className={styles.names}>
          <RoleNames roles={impliedBy} />
        </span>
      </td>
      <td className={styles.number}>{formatCount(String(grantCount))}</td>
      <td className={styles.number}>{formatCount(String(mappingCount))}</td>
      <td>
        {isChangeable ? 'An administrator' : <span className={styles.fixed}>Agnes; not changeable</span>}
        {isChangeable && (onChange || onDelete) && (
          <Group gap="0.375rem" mt="0.375rem" wrap="nowrap">
            {onChange && (
              <Button variant="default" size="compact-xs" aria-label={`Change: ${displayName}`} onClick={onChange}>
                Change
              </Button>
            )}
            {onDelete && (
              <Button variant="default" size="compact-xs" aria-label={`Delete: ${displayName}`} onClick={onDelete}>
                Delete
              </Button>
            )}
          </Group>
        )}
      </td>
    </tr>
  );
}
