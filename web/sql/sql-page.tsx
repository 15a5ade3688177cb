import { Button, Group, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../dialog.tsx';
import { useSession } from '../frame/session.ts';
import { ResultView } from '../results/result-view.tsx';
import { useRun } from '../results/use-run.ts';
import { RunStatementQuery } from './documents.ts';
import { ExportForm } from './export-form.tsx';
import { ExportList } from './export-list.tsx';
import { HistoryList } from './history-list.tsx';
import { RunOutcome } from '../results/run-outcome.tsx';
import { SqlEditor } from './sql-editor.tsx';
import styles from './sql.module.css';
import { StartingPoints } from './starting-points.tsx';
import { useDraft } from './use-draft.ts';
import { useHistory } from './use-history.ts';
import { useNamedTables } from './use-named-tables.ts';

const limits = ['100', '1000', '10000'] as const;

interface SqlPageProps {
  /** The statement that the address asks for; null: none. */
  asked: string | null;
  /** Called with each statement that is run, and with null when what is written is not what the address asks for. */
  onAddress: (statement: string | null) => void;
}

/** An editor of statements over the tables that this person may read, and what the last one answered. */
export function SqlPage({ asked, onAddress }: SqlPageProps) {
  const { viewer, may } = useSession();
  const userId = viewer?.id ?? '';
  const [statement, setStatement] = useDraft({ userId, asked, onDepart: () => onAddress(null) });
  const [limit, setLimit] = useState<string>('1000');
  const [recalling, setRecalling] = useState(false);
  const named = useNamedTables();
  const history = useHistory(userId);
  const { run, start, cancel } = useRun(RunStatementQuery);
  const mayExport = may('Mutation.exportSql');

  function startRun(): void {
    if (statement.trim() === '') return;
    history.add(statement);
    onAddress(statement);
    start({ statement, limit: Number(limit) });
  }

  return (
    <>
      <div className={styles.card}>
        <SqlEditor
          value={statement}
          onChange={setStatement}
          onRun={startRun}
          tables={named.tables}
          describedBy="statement-keys"
        />
        <Group gap="sm" className={styles.toolbar}>
          {run.state === 'running' ? (
            <Button color="red.9" onClick={cancel}>
              Cancel
            </Button>
          ) : (
            <Button disabled={statement.trim() === ''} onClick={startRun}>
              Run
            </Button>
          )}
          <NativeSelect
            aria-label="Rows at most"
            value={limit}
            data={limits.map((value) => ({ value, label: `${Number(value).toLocaleString('en')} rows` }))}
            onChange={({ currentTarget: { value } }) => setLimit(value)}
          />
          <Button variant="default" onClick={() => setRecalling(true)}>
            History
          </Button>
          {mayExport && <ExportForm statement={statement} />}
        </Group>
      </div>
      <p id="statement-keys" className={styles.keys}>
        <kbd>Ctrl</kbd> or <kbd>⌘</kbd> with <kbd>Enter</kbd> runs. <kbd>Tab</kbd> indents; <kbd>Escape</kbd>, then{' '}
        <kbd>Tab</kbd>, leaves the editor.
      </p>
      {run.state === 'none' && <StartingPoints named={named} onPick={setStatement} />}
      <RunOutcome run={run}>
        {({ sql }, number) => sql && <ResultView key={number} label="The result" result={sql} />}
      </RunOutcome>
      {mayExport && <ExportList />}
      <Dialog title="Statements run before" opened={recalling} onClose={() => setRecalling(false)}>
        <HistoryList
          past={history.past}
          kept={history.kept}
          onPick={(past) => {
            setStatement(past);
            setRecalling(false);
          }}
          onRemove={history.remove}
          onClear={history.clear}
        />
      </Dialog>
    </>
  );
}
