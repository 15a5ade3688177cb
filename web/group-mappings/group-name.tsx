import { formatCount } from '../format.ts';
import type { KnownGroup } from './documents.ts';
import styles from './group-mappings.module.css';

/** What a provider calls the group, and its id. */
export function GroupName({ group: { id, name } }: { group: KnownGroup }) {
  return (
    <span className={styles.groupName}>
      <bdi className={styles.groupTitle} title={name ?? id}>
        {name ?? id}
      </bdi>
      {name !== null && name !== id && (
        <bdi className={styles.detail} title={id}>
          {id}
        </bdi>
      )}
    </span>
  );
}

/** `1 member`, `1,234 members`, `no members yet` */
export function describeMembers({ memberCount }: KnownGroup): string {
  if (memberCount === 0) return 'no members yet';
  return memberCount === 1 ? '1 member' : `${formatCount(String(memberCount))} members`;
}
