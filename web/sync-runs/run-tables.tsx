import { NativeSelect } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { formatBytes, formatCount } from '../format.ts';
import { LocalPages, pageOf } from '../sources/local-pages.tsx';
import { formatDuration } from '../duration.ts';
import type { RunTable } from './documents.ts';
import { RunState } from './run-state.tsx';
import { runStateNames, runStates } from './run-states.ts';
import { WideTable } from '../wide-table.tsx';
import styles from './sync-runs.module.css';

/** What asks for attention stands first. */
const places: Readonly<Record<RunTable['state'], number>> = {
  FAILED: 0,
  RUNNING: 1,
  CANCELLED: 2,
  QUEUED: 3,
  SUCCEEDED: 4,
};

const fewTables = 10;

/** The tables of a run, those that failed first, each with what became of it. */
export function RunTables({ tables }: { tables: readonly RunTable[] }) {
  const [state, setState] = useState<RunTable['state'] | null>(null);
  const [page, setPage] = useState(0);
  const shown = tables.filter((table) => state === null || table.state === state).toSorted(byAttention);
  const present = runStates.filter((each) => tables.some((table) => table.state === each));
  if (tables.length === 0) return <p>This run is about no table.</p>;
  return (
    <>
      {tables.length > fewTables && (
        <NativeSelect
          aria-label="State of the tables"
          mb="sm"
          w="14rem"
          value={state ?? ''}
          data={[
            { value: '', label: `All ${tables.length} tables` },
            ...present.map((value) => ({ value, label: runStateNames[value] })),
          ]}
          onChange={(event) => {
            setState(tables.find((table) => table.state === event.currentTarget.value)?.state ?? null);
            setPage(0);
          }}
        />
      )}
      <WideTable label="Tables of the run" className={styles.tables}>
        <thead>
          <tr>
            <th scope="col">Table</th>
            <th scope="col">State</th>
            <th scope="col" className={styles.number}>
              Rows
            </th>
            <th scope="col" className={styles.number}>
              Size
            </th>
            <th scope="col" className={styles.number}>
              Took
            </th>
            <th scope="col" className={styles.number}>
              Attempts
            </th>
          </tr>
        </thead>
        <tbody>
          {pageOf(shown, page).map((entry, place) => (
            <TableOfRun key={entry.table?.id ?? place} entry={entry} />
          ))}
        </tbody>
      </WideTable>
      <LocalPages count={shown.length} page={page} onPage={setPage} />
    </>
  );
}

function TableOfRun({ entry }: { entry: RunTable }) {
  const { table, state, rows, sizeBytes, bytesBilled, durationMs, attempts, error } = entry;
  return (
    <>
      <tr data-run-table={table?.sqlName ?? 'gone'} data-state={state}>
        <th scope="row">
          {table ? (
            <Link to="/tables/$sqlName" params={{ sqlName: table.sqlName }} className={styles.name}>
              <bdi>{table.sqlName}</bdi>
            </Link>
          ) : (
            'a table that is gone'
          )}
        </th>
        <td>
          <RunState state={state} />
        </td>
        <td className={styles.number}>{rows === null ? '–' : formatCount(rows)}</td>
        <td className={styles.number}>
          {sizeBytes === null ? '–' : formatBytes(sizeBytes)}
          {bytesBilled !== null && <span className={styles.detail}>{formatBytes(bytesBilled)} billed</span>}
        </td>
        <td className={styles.number}>{durationMs === null ? '–' : formatDuration(Number(durationMs))}</td>
        <td className={styles.number}>{attempts}</td>
      </tr>
      {error !== null && (
        <tr>
          <td colSpan={6} className={styles.below}>
            <p className={styles.error}>
              <bdi>{error}</bdi>
            </p>
          </td>
        </tr>
      )}
    </>
  );
}

function byAttention(one: RunTable, other: RunTable): number {
  const [name, otherName] = [one.table?.sqlName ?? '', other.table?.sqlName ?? ''];
  return places[one.state] - places[other.state] || (name < otherName ? -1 : Number(name > otherName));
}
