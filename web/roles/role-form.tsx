import { Button, Checkbox, Group, Textarea, TextInput } from '@mantine/core';
import { useRef, useState, type FormEvent } from 'react';
import { flushSync } from 'react-dom';
import type { Refusal } from '../data/refusal.ts';
import type { Role } from './documents.ts';
import styles from './roles.module.css';
import { useWriteRole, type RoleFields } from './use-write-role.ts';

interface RoleFormProps {
  /** The role to change; null makes a new one. */
  role: Role | null;
  roles: readonly Role[];
  onCancel: () => void;
  onDone: (announcement: string) => void;
}

/** Makes or changes an own role. The server's faults stand at the fields that they are about. */
export function RoleForm({ role, roles, onCancel, onDone }: RoleFormProps) {
  const [fields, setFields] = useState<RoleFields>(() => fieldsOf(role));
  const [refusal, setRefusal] = useState<Refusal<keyof RoleFields> | null>(null);
  const { send, sending } = useWriteRole(role);
  const form = useRef<HTMLFormElement>(null);
  const faults = refusal?.faults ?? {};

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (sending) return;
    const refused = await send(fields);
    if (!refused) return onDone(`The role ${fields.displayName} was ${role ? 'changed' : 'made'}.`);
    flushSync(() => setRefusal(refused));
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }

  function set(change: Partial<RoleFields>): void {
    setFields({ ...fields, ...change });
  }

  return (
    <form ref={form} className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Name"
        value={fields.displayName}
        error={faults.displayName}
        data-autofocus
        onChange={(event) => set({ displayName: event.currentTarget.value })}
      />
      <TextInput
        label="Key"
        description={
          role
            ? 'Grants and mappings name the role by it; it cannot be changed.'
            : 'Lower-case words with dots between, such as sales.lead. It cannot be changed later.'
        }
        value={fields.key}
        error={faults.key}
        readOnly={role !== null}
        spellCheck={false}
        autoCapitalize="none"
        onChange={(event) => set({ key: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        value={fields.description}
        error={faults.description}
        rows={3}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <Checkbox.Group
        label="Implies"
        description="Whoever has this role has the chosen ones too."
        value={fields.implies}
        error={faults.implies}
        errorProps={{ role: 'alert' }}
        onChange={(implies) => set({ implies })}
      >
        <div className={styles.choices}>
          {roles
            .filter(({ key }) => key !== role?.key)
            .map(({ key, displayName }) => (
              <Checkbox
                key={key}
                value={key}
                label={
                  <>
                    <bdi>{displayName}</bdi> <span className={styles.choiceKey}>{key}</span>
                  </>
                }
              />
            ))}
        </div>
      </Checkbox.Group>
      {refusal?.message && (
        <p className={styles.refusal} role="alert">
          {refusal.message}
        </p>
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={sending}>
          {role ? 'Save the changes' : 'Make the role'}
        </Button>
      </Group>
    </form>
  );
}

function fieldsOf(role: Role | null): RoleFields {
  if (!role) return { key: '', displayName: '', description: '', implies: [] };
  const { key, displayName, description, implies } = role;
  return { key, displayName, description, implies: implies.map((implied) => implied.key) };
}
