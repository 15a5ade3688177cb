import { Checkbox } from '@mantine/core';
import styles from '../person/person.module.css';

interface RoleChoiceProps {
  roles: readonly { key: string; displayName: string }[];
  /** Null: all. */
  chosen: string[] | null;
  error: string | undefined;
  onChoose: (chosen: string[] | null) => void;
}

/** Whether a token keeps all roles, or which. */
export function RoleChoice({ roles, chosen, error, onChoose }: RoleChoiceProps) {
  return (
    <>
      <Checkbox
        label="It keeps only some of my roles"
        checked={chosen !== null}
        onChange={(event) => onChoose(event.currentTarget.checked ? [] : null)}
      />
      {chosen && (
        <Checkbox.Group
          label="Roles that it keeps"
          description="With all that they imply."
          value={chosen}
          error={error}
          errorProps={{ role: 'alert' }}
          onChange={onChoose}
        >
          <div className={styles.choices}>
            {roles.map(({ key, displayName }) => (
              <Checkbox
                key={key}
                value={key}
                label={
                  <>
                    <bdi>{displayName}</bdi> <span className={styles.detail}>{key}</span>
                  </>
                }
              />
            ))}
          </div>
        </Checkbox.Group>
      )}
    </>
  );
}
