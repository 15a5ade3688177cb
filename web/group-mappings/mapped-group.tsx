import { Button } from '@mantine/core';
import { RelativeTime } from '../relative-time.tsx';
import type { GroupMapping, KnownGroup } from './documents.ts';
import { describeMembers, GroupName } from './group-name.tsx';
import styles from './group-mappings.module.css';

interface MappedGroupProps {
  group: KnownGroup;
  /** Null for those who may not. */
  onDelete: ((mapping: GroupMapping) => void) | null;
}

/** A group with the roles that its members have by it. */
export function MappedGroup({ group, onDelete }: MappedGroupProps) {
  return (
    <li className={styles.group} data-group={group.id}>
      <div className={styles.groupHead}>
        <GroupName group={group} />
        <span className={styles.members}>{describeMembers(group)}</span>
      </div>
      <ul className={styles.mappings} aria-label={`Roles of ${group.name ?? group.id}`}>
        {group.mappings.map((mapping) => (
          <li key={mapping.id} data-role={mapping.role?.key}>
            <span className={styles.role}>
              <bdi className={styles.roleName}>{mapping.role?.displayName ?? 'A role that is no longer defined'}</bdi>
              {mapping.role && <span className={styles.detail}>{mapping.role.key}</span>}
            </span>
            <span className={styles.detail}>
              {mapping.assignedBy && (
                <>
                  by <bdi>{mapping.assignedBy}</bdi>,{' '}
                </>
              )}
              <RelativeTime moment={mapping.assignedAt} />
            </span>
            {onDelete && (
              <Button
                variant="default"
                size="compact-xs"
                aria-label={`Remove: ${mapping.role?.displayName ?? 'the role'} from ${group.name ?? group.id}`}
                onClick={() => onDelete(mapping)}
              >
                Remove
              </Button>
            )}
          </li>
        ))}
      </ul>
    </li>
  );
}
