import { Loader, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { Dialog } from '../dialog.tsx';
import { useSession } from '../frame/session.ts';
import { FailureNotice, Notice } from '../notice.tsx';
import { DeleteMapping } from './delete-mapping.tsx';
import { GroupMappingsQuery, type GroupMapping, type KnownGroup } from './documents.ts';
import { MappedGroup } from './mapped-group.tsx';
import { MappingForm } from './mapping-form.tsx';
import styles from './group-mappings.module.css';

/** Which external groups have which roles; who may gives and takes them here. */
export function MappingBrowser() {
  const { may } = useSession();
  const [{ data, error }, refetch] = useQuery({ query: GroupMappingsQuery, requestPolicy: 'cache-and-network' });
  const [leaving, setLeaving] = useState<{ group: KnownGroup; mapping: GroupMapping } | null>(null);
  const [announcement, setAnnouncement] = useState('');

  if (!data?.knownGroups || !data.roles) {
    if (!error) return <Loader size="sm" aria-label="Loading the group mappings" role="status" />;
    const retry = () => refetch({ requestPolicy: 'network-only' });
    return <FailureNotice error={error} what="The group mappings" retry={retry} />;
  }

  const groups = data.knownGroups;
  const mapped = groups.filter(({ mappings }) => mappings.length > 0);
  return (
    <>
      <p className={styles.introduction}>
        Everybody whom an identity provider puts into a group has the roles that the group is mapped to, as long as they
        are in it.
      </p>
      {may('Mutation.createGroupMapping') && (
        <MappingForm groups={groups} roles={data.roles} onDone={setAnnouncement} />
      )}
      {mapped.length === 0 ? (
        <Notice title="No group is mapped yet">
          <p>
            {groups.length === 0
              ? 'No group is known either: groups appear when somebody signs in with a provider that names them. A group can be mapped before, by its id.'
              : 'Choose one of the known groups above, and a role for its members.'}
          </p>
        </Notice>
      ) : (
        <ul className={styles.groups} aria-label="Mapped groups">
          {mapped.map((group) => (
            <MappedGroup
              key={group.id}
              group={group}
              onDelete={may('Mutation.deleteGroupMapping') ? (mapping) => setLeaving({ group, mapping }) : null}
            />
          ))}
        </ul>
      )}
      <VisuallyHidden role="status">{announcement}</VisuallyHidden>
      <Dialog title="Remove the mapping" opened={leaving !== null} onClose={() => setLeaving(null)}>
        {leaving && (
          <DeleteMapping
            {...leaving}
            onCancel={() => setLeaving(null)}
            onDone={(said) => {
              setLeaving(null);
              setAnnouncement(said);
            }}
          />
        )}
      </Dialog>
    </>
  );
}
