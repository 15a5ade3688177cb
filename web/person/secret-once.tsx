import { Button, Group, TextInput } from '@mantine/core';
import { useRef, useState, type ReactNode } from 'react';
import styles from './person.module.css';

interface SecretOnceProps {
  label: string;
  secret: string;
  /** What it is and what to do with it. */
  children: ReactNode;
  onHide: () => void;
}

/** A secret that the server tells this once. Hiding takes it off the page. */
export function SecretOnce({ label, secret, children, onHide }: SecretOnceProps) {
  const field = useRef<HTMLInputElement>(null);
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

  return (
    <section className={styles.secret} aria-label={label}>
      {children}
      <TextInput
        ref={field}
        label={label}
        value={secret}
        readOnly
        spellCheck={false}
        onFocus={(event) => event.currentTarget.select()}
      />
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
