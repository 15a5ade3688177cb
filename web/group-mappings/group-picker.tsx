import { Autocomplete } from '@mantine/core';
import { RoleNames } from '../roles/role-names.tsx';
import type { KnownGroup } from './documents.ts';
import { describeMembers, GroupName } from './group-name.tsx';
import styles from './group-mappings.module.css';

/** Enough to choose from; whoever misses one types more of it. */
const shownAtOnce = 50;

interface GroupPickerProps {
  groups: readonly KnownGroup[];
  /** The id of a group, known or not. */
  value: string;
  error: string | undefined;
  onChange: (id: string) => void;
}

/** Finds a known group by its name or id, and takes the id of one that is not known yet. */
export function GroupPicker({ groups, value, error, onChange }: GroupPickerProps) {
  const byId = new Map(groups.map((group) => [group.id, group]));
  return (
    <Autocomplete
      label="Group"
      placeholder="Search by name or id, or enter an id"
      data={[...byId.keys()]}
      filter={({ search }) => findGroups(groups, search).map(({ id }) => ({ value: id, label: id }))}
      value={value}
      error={error}
      onChange={onChange}
      spellCheck={false}
      autoCapitalize="none"
      comboboxProps={{ withinPortal: false, offset: 2 }}
      withScrollArea={false}
      classNames={{ options: styles.options }}
      renderOption={({ option }) => {
        const group = byId.get(option.value);
        return group && <GroupOption group={group} />;
      }}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      description={<GroupHint group={byId.get(value)} entered={value} />}
    />
  );
}

function findGroups(groups: readonly KnownGroup[], search: string): KnownGroup[] {
  const sought = search.trim().toLowerCase();
  return groups
    .filter(({ id, name }) => id.toLowerCase().includes(sought) || name?.toLowerCase().includes(sought))
    .slice(0, shownAtOnce);
}

function GroupOption({ group }: { group: KnownGroup }) {
  return (
    <div className={styles.option}>
      <GroupName group={group} />
      <span className={styles.detail}>
        {describeMembers(group)}; <GroupRoles group={group} />
      </span>
    </div>
  );
}

/** What is known of the group whose id stands in the field. */
function GroupHint({ group, entered }: { group: KnownGroup | undefined; entered: string }) {
  if (group) {
    return (
      <>
        {describeMembers(group)}; <GroupRoles group={group} />
      </>
    );
  }
  if (entered === '') return <>The id is compared letter by letter.</>;
  return <>Nobody is in a group with exactly this id yet. It can be mapped all the same.</>;
}

function GroupRoles({ group: { mappings } }: { group: KnownGroup }) {
  const roles = mappings.flatMap(({ role }) => role ?? []);
  if (roles.length === 0) return <>no role yet</>;
  return (
    <>
      has <RoleNames roles={roles} />
    </>
  );
}
