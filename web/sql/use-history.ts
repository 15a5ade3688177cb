import { useState } from 'react';
import { keep, readKept } from './browser-storage.ts';
import { parseHistory, withStatement, type PastStatement } from './statement-history.ts';

/** The statements that this person ran in this browser, the last first; `kept` is false where the browser keeps nothing. */
export function useHistory(userId: string) {
  const name = `agnes.sql.history.${userId}`;
  const [past, setPast] = useState(() => parseHistory(readKept('localStorage', name)));
  const [kept, setKept] = useState(true);

  function change(next: (known: readonly PastStatement[]) => PastStatement[]): void {
    // Other windows write too.
    const stored = readKept('localStorage', name);
    const changed = next(stored === null ? past : parseHistory(stored));
    setPast(changed);
    setKept(keep('localStorage', name, changed.length === 0 ? null : JSON.stringify(changed)));
  }

  return {
    past,
    kept,
    add: (statement: string) => change((known) => withStatement(known, { statement, at: new Date().toISOString() })),
    remove: (statement: string) => change((known) => known.filter((each) => each.statement !== statement)),
    clear: () => change(() => []),
  };
}
