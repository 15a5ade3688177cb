import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './confirm.module.css';
import { RefusalText } from './sign-in/refusal-text.tsx';

interface ConfirmProps {
  /** What would happen. */
  children: ReactNode;
  /** What the button says. */
  action: string;
  /** What the button says that leaves everything as it is; `Cancel` unless given. */
  keep?: string;
  sending: boolean;
  /** Why it was refused. */
  refusal: string | null | undefined;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks, in a dialog, before something ends. Its first choice is to leave everything as it is. */
export function Confirm({ children, action, keep = 'Cancel', sending, refusal, onConfirm, onCancel }: ConfirmProps) {
  return (
    <div className={styles.question}>
      {children}
      <RefusalText message={refusal} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" data-autofocus onClick={onCancel}>
          {keep}
        </Button>
        <Button color="red.9" loading={sending} onClick={onConfirm}>
          {action}
        </Button>
      </Group>
    </div>
  );
}
