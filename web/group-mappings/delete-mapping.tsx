import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { tellResync } from '../data/connection.ts';
import { findRefusal } from '../data/refusal.ts';
import { DeleteGroupMappingMutation, type GroupMapping, type KnownGroup } from './documents.ts';
import { describeMembers } from './group-name.tsx';
import styles from './group-mappings.module.css';

interface DeleteMappingProps {
  group: KnownGroup;
  mapping: GroupMapping;
  onCancel: () => void;
  onDone: (announcement: string) => void;
}

/** Asks before a role is taken from the members of a group. */
export function DeleteMapping({ group, mapping, onCancel, onDone }: DeleteMappingProps) {
  const [{ fetching }, deleteMapping] = useMutation(DeleteGroupMappingMutation);
  const [refusal, setRefusal] = useState<string | null>(null);
  const role = mapping.role?.displayName ?? 'a role that is no longer defined';

  async function send(): Promise<void> {
    setRefusal(null);
    const { data, error } = await deleteMapping({ input: { id: mapping.id } });
    const refused = findRefusal({ answer: data?.deleteGroupMapping, error }, []);
    if (refused) return setRefusal(refused.message);
    tellResync();
    onDone(`The group ${group.name ?? group.id} no longer has the role ${role}.`);
  }

  return (
    <div className={styles.question}>
      <p>
        The group <bdi className={styles.strong}>{group.name ?? group.id}</bdi> ({describeMembers(group)}) loses{' '}
        <bdi className={styles.strong}>{role}</bdi> at once. Who has the role in another way as well keeps it.
      </p>
      {refusal && (
        <p className={styles.refusal} role="alert">
          {refusal}
        </p>
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" data-autofocus onClick={onCancel}>
          Cancel
        </Button>
        <Button color="red.9" loading={fetching} onClick={() => void send()}>
          Remove the mapping
        </Button>
      </Group>
    </div>
  );
}
