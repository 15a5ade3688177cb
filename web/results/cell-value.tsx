import { CopyableCode } from '../copyable-code.tsx';
import type { CellPlace } from './cell-moves.ts';
import type { ResultColumn } from './documents.ts';
import styles from './results.module.css';
import { textOf } from './value-text.ts';

interface CellValueProps {
  /** Null: none was chosen. */
  cell: (CellPlace & ResultColumn & { value: unknown }) | null;
}

/** The chosen cell, whole. */
export function CellValue({ cell }: CellValueProps) {
  if (!cell) return <p className={styles.hint}>Choose a cell to see the whole of it.</p>;
  const text = textOf(cell.value);
  return (
    <div className={styles.value}>
      <p className={styles.hint}>
        Row {cell.row + 1}, <bdi className={styles.valueName}>{cell.name}</bdi>, {cell.type}
        {text === null && ': NULL, no value'}
        {text === '' && ': an empty text'}
      </p>
      {text !== null && text !== '' && (
        <CopyableCode key={`${cell.row}-${cell.column}`} label="The value of the chosen cell" text={text} />
      )}
    </div>
  );
}
