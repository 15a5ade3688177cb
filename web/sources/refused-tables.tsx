import { Button } from '@mantine/core';
import type { Refusal } from '../data/refusal.ts';
import styles from './sources.module.css';

const mostTold = 20;

interface RefusedTablesProps {
  /** Its faults are at `tables.<place>`. */
  refusal: Refusal<string>;
  /** The names of the tables as they were sent. */
  sent: readonly string[];
  onLeaveOut: (names: readonly string[]) => void;
}

/** Tells table by table why nothing was registered. */
export function RefusedTables({ refusal, sent, onLeaveOut }: RefusedTablesProps) {
  const refused = sent.flatMap((name, place) => {
    const fault = refusal.faults[`tables.${place}`];
    return fault === undefined ? [] : [{ name, fault }];
  });
  const names = refused.map(({ name }) => name);
  return (
    <div className={styles.refused} role="alert">
      <p>Nothing was registered. {refusal.message}</p>
      {refused.length > 0 && (
        <ul>
          {refused.slice(0, mostTold).map(({ name, fault }) => (
            <li key={name}>
              <bdi>{name}</bdi>: <bdi>{fault}</bdi>
            </li>
          ))}
          {refused.length > mostTold && <li>and {refused.length - mostTold} more</li>}
        </ul>
      )}
      {refused.length > 0 && refused.length < sent.length && (
        <Button variant="default" size="compact-sm" onClick={() => onLeaveOut(names)}>
          Leave {refused.length === 1 ? 'it' : 'them'} out
        </Button>
      )}
    </div>
  );
}
