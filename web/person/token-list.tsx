import { Button, Switch } from '@mantine/core';
import { useState } from 'react';
import { Confirm } from '../confirm.tsx';
import { useChange } from '../data/use-change.ts';
import { Dialog } from '../dialog.tsx';
import { Notice } from '../notice.tsx';
import { useNow } from '../now.ts';
import { RevokeTokenMutation, type Token } from './documents.ts';
import styles from './person.module.css';
import { TokenFacts } from './token-facts.tsx';

interface TokenListProps {
  tokens: readonly Token[];
  /** What to do where there is none. */
  nobody: string;
  onDone: (announcement: string) => void;
}

/** Tokens that work, and on demand those that have ended; each that works can be revoked. */
export function TokenList({ tokens, nobody, onDone }: TokenListProps) {
  const now = useNow();
  const [showsEnded, setShowsEnded] = useState(false);
  const [leaving, setLeaving] = useState<Token | null>(null);
  const { send, refusal, setRefusal, sending } = useChange(RevokeTokenMutation);
  const live = tokens.filter((token) => !hasEnded(token, now));
  const shown = showsEnded ? tokens : live;

  async function revoke(token: Token): Promise<void> {
    if (!(await send({ id: token.id }))) return;
    setLeaving(null);
    onDone(`The token ${token.name} is revoked.`);
  }

  return (
    <>
      {live.length < tokens.length && (
        <Switch
          mb="sm"
          label={`Show ended tokens too (${tokens.length - live.length})`}
          checked={showsEnded}
          onChange={(event) => setShowsEnded(event.currentTarget.checked)}
        />
      )}
      {shown.length === 0 ? (
        <Notice title="No token works">
          <p>{nobody}</p>
        </Notice>
      ) : (
        <ul className={styles.rows} aria-label="Tokens">
          {shown.map((token) => (
            <li key={token.id} data-token={token.name} data-ended={hasEnded(token, now)}>
              <TokenFacts token={token} now={now} />
              {!hasEnded(token, now) && (
                <Button
                  variant="default"
                  size="compact-xs"
                  aria-label={`Revoke: ${token.name}`}
                  onClick={() => {
                    setRefusal(null);
                    setLeaving(token);
                  }}
                >
                  Revoke
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <Dialog title="Revoke the token" opened={leaving !== null} onClose={() => setLeaving(null)}>
        {leaving && (
          <Confirm
            action="Revoke it"
            sending={sending}
            refusal={refusal?.message}
            onConfirm={() => void revoke(leaving)}
            onCancel={() => setLeaving(null)}
          >
            <p>
              Whatever uses <bdi>{leaving.name}</bdi> is refused from now on, for good.
            </p>
          </Confirm>
        )}
      </Dialog>
    </>
  );
}

function hasEnded({ revokedAt, expiresAt }: Token, now: Date): boolean {
  return revokedAt !== null || (expiresAt !== null && new Date(expiresAt) <= now);
}
