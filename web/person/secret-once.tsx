import { Button, Group, Textarea, TextInput } from '@mantine/core';
import { useRef, useState, type ReactNode } from 'react';
import styles from './person.module.css';

interface SecretOnceProps {
  label: string;
  secret: string;
  /** It has many lines. */
  long?: boolean;
  /** What it is and what to do with it. */
  children: ReactNode;
  onHide: () => void;
}

/** A secret that the server tells this once. Hiding takes it off the page. */
export function SecretOnce({ label, secret, long = false, children, onHide }: SecretOnceProps) {
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const [said, setSaid] = useState('');

  async function copy(): Promise<void> {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(secret);
      setSaid('Copied.');
    } catch {
      setSaid('This browser does not let the page copy: it is selected, copy it by hand.');
    }
  }

  const shown = {
    ref: field,
    label,
    value: secret,
    readOnly: true,
    spellCheck: false,
    onFocus: () => field.current?.select(),
  };
  return (
    <section className={styles.secret} aria-label={label}>
      {children}
      {long ? <Textarea {...shown} rows={12} /> : <TextInput {...shown} />}
      <Group gap="sm">
        <Button onClick={() => void copy()}>Copy</Button>
        <Button variant="default" onClick={onHide}>
          Hide it
        </Button>
        <span role="status">{said}</span>
      </Group>
    </section>
  );
}
