import type { ReactNode } from 'react';
import styles from './wide-table.module.css';

interface WideTableProps {
  /** What stands in it, for those who do not see it. */
  label: string;
  /** How wide it and its columns are. */
  className: string | undefined;
  children: ReactNode;
}

/** A table that scrolls sideways where it must, by the keyboard too. */
export function WideTable({ label, className, children }: WideTableProps) {
  return (
    <div className={styles.scroller} role="region" aria-label={label} tabIndex={0}>
      <table className={`${styles.table} ${className}`}>{children}</table>
    </div>
  );
}
