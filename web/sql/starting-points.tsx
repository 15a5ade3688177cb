import { Button } from '@mantine/core';
import { FailureNotice, Notice } from '../notice.tsx';
import styles from './sql.module.css';
import { firstRowsOf } from './statement-in-address.ts';
import type { NamedTables } from './use-named-tables.ts';

const offeredTables = 12;

interface StartingPointsProps {
  named: NamedTables;
  onPick: (statement: string) => void;
}

/** What there is to ask, as long as nothing was asked: some of the tables, each with a statement to begin with. */
export function StartingPoints({ named: { tables, known, error, retry }, onPick }: StartingPointsProps) {
  if (error) return <FailureNotice error={error} what="The tables" retry={retry} />;
  if (!known) return null;
  if (tables.length === 0) {
    return (
      <Notice title="You may not read any table yet">
        <p>Ask for access to one, or ask an administrator to grant it. Statements without a table can be run.</p>
      </Notice>
    );
  }
  return (
    <section aria-labelledby="starting-points">
      <h2 id="starting-points" className={styles.startingTitle}>
        {tables.length === 1 ? 'The table that you may read' : `The ${tables.length} tables that you may read`}
      </h2>
      <ul className={styles.starting}>
        {tables.slice(0, offeredTables).map(({ sqlName }) => (
          <li key={sqlName}>
            <Button
              variant="default"
              size="compact-sm"
              aria-label={`Write a statement over ${sqlName}`}
              onClick={() => onPick(firstRowsOf(sqlName))}
            >
              <bdi>{sqlName}</bdi>
            </Button>
          </li>
        ))}
        {tables.length > offeredTables && <li>and more, which the editor completes</li>}
      </ul>
    </section>
  );
}
