import { useState } from 'react';
import { keep, readKept } from './browser-storage.ts';

interface DraftOptions {
  userId: string;
  /** The statement that the address asks for; null: none. */
  asked: string | null;
  /** Called when what is written is no longer what the address asks for. */
  onDepart: () => void;
}

/**
 * The statement that is being written: what the address asks for, else what was being written in this window before. An
 * address that comes later and asks for another takes its place.
 */
export function useDraft({ userId, asked, onDepart }: DraftOptions) {
  const name = `agnes.sql.draft.${userId}`;
  const [draft, setDraft] = useState(() => asked ?? readKept('sessionStorage', name) ?? '');
  const [followed, setFollowed] = useState(asked);
  if (asked !== followed) {
    setFollowed(asked);
    if (asked !== null) setDraft(asked);
  }

  function write(statement: string): void {
    setDraft(statement);
    keep('sessionStorage', name, statement === '' ? null : statement);
    if (asked !== null && statement !== asked) onDepart();
  }

  return [draft, write] as const;
}
