import { Button, CloseButton, Group, UnstyledButton } from '@mantine/core';
import { RelativeTime } from '../relative-time.tsx';
import styles from './sql.module.css';
import type { PastStatement } from './statement-history.ts';

interface HistoryListProps {
  past: readonly PastStatement[];
  /** Whether the browser keeps them. */
  kept: boolean;
  onPick: (statement: string) => void;
  onRemove: (statement: string) => void;
  onClear: () => void;
}

/** The statements run before, each to be brought back or removed. */
export function HistoryList({ past, kept, onPick, onRemove, onClear }: HistoryListProps) {
  return (
    <>
      <p className={styles.explained}>
        {kept
          ? 'The last 50 statements that you ran, kept in this browser only.'
          : 'This browser keeps nothing for this site: they are here until you leave.'}
      </p>
      {past.length === 0 ? (
        <p>You have not run a statement here yet.</p>
      ) : (
        <>
          <ul className={styles.history} aria-label="Statements run before">
            {past.map(({ statement, at }) => (
              <li key={statement}>
                <UnstyledButton className={styles.past} onClick={() => onPick(statement)}>
                  <code>{statement.trim().slice(0, 400)}</code>
                  <span className={styles.when}>
                    <RelativeTime moment={at} />
                  </span>
                </UnstyledButton>
                <CloseButton aria-label={`Remove: ${statement.slice(0, 60)}`} onClick={() => onRemove(statement)} />
              </li>
            ))}
          </ul>
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={onClear}>
              Remove all
            </Button>
          </Group>
        </>
      )}
    </>
  );
}
