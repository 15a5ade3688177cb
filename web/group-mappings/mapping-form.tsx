import { Button, NativeSelect } from '@mantine/core';
import { useRef, useState, type FormEvent } from 'react';
import { flushSync } from 'react-dom';
import { useMutation } from 'urql';
import { tellResync } from '../data/connection.ts';
import { findRefusal, type Refusal } from '../data/refusal.ts';
import { CreateGroupMappingMutation, type KnownGroup, type MappableRole } from './documents.ts';
import { GroupPicker } from './group-picker.tsx';
import styles from './group-mappings.module.css';

type Field = 'externalGroupId' | 'roleKey';

const fieldNames: readonly Field[] = ['externalGroupId', 'roleKey'];

interface MappingFormProps {
  groups: readonly KnownGroup[];
  roles: readonly MappableRole[];
  onDone: (announcement: string) => void;
}

/** Gives a role to a group, known or not. */
export function MappingForm({ groups, roles, onDone }: MappingFormProps) {
  const [externalGroupId, setExternalGroupId] = useState('');
  const [roleKey, setRoleKey] = useState('');
  const [refusal, setRefusal] = useState<Refusal<Field> | null>(null);
  const [{ fetching }, createMapping] = useMutation(CreateGroupMappingMutation);
  const form = useRef<HTMLFormElement>(null);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (fetching) return;
    const refused = roleKey === '' ? askForRole() : await send();
    flushSync(() => setRefusal(refused));
    if (refused) return form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    setExternalGroupId('');
    tellResync();
    onDone(`The group ${externalGroupId} has the role ${roleKey} now.`);
  }

  async function send(): Promise<Refusal<Field> | null> {
    const { data, error } = await createMapping({ input: { externalGroupId, roleKey } });
    return findRefusal({ answer: data?.createGroupMapping, error }, fieldNames);
  }

  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      aria-label="Map a group"
      onSubmit={(event) => void submit(event)}
    >
      <div className={styles.fields}>
        <GroupPicker
          groups={groups}
          value={externalGroupId}
          error={refusal?.faults.externalGroupId}
          onChange={setExternalGroupId}
        />
        <NativeSelect
          label="Role"
          value={roleKey}
          error={refusal?.faults.roleKey}
          onChange={(event) => setRoleKey(event.currentTarget.value)}
        >
          <option value="">Choose a role</option>
          {roles.map(({ key, displayName }) => (
            <option key={key} value={key}>
              {displayName} ({key})
            </option>
          ))}
        </NativeSelect>
        <Button type="submit" className={styles.submit} loading={fetching}>
          Map the group
        </Button>
      </div>
      {refusal?.message && (
        <p className={styles.refusal} role="alert">
          {refusal.message}
        </p>
      )}
    </form>
  );
}

function askForRole(): Refusal<Field> {
  return { message: null, faults: { roleKey: 'Choose a role for the members of the group.' } };
}
