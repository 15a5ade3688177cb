import { Button } from '@mantine/core';
import { useState } from 'react';
import { Confirm } from '../confirm.tsx';
import { useChange } from '../data/use-change.ts';
import { Dialog } from '../dialog.tsx';
import { useNow } from '../now.ts';
import styles from '../person/person.module.css';
import { RelativeTime } from '../relative-time.tsx';
import { RevokeRoleMutation, type RoleGrant } from './documents.ts';

interface DirectGrantsProps {
  grants: readonly RoleGrant[];
  onDone: (announcement: string) => void;
}

/** The roles given directly, those that have yet to begin or have ended too; each can be taken away. */
export function DirectGrants({ grants, onDone }: DirectGrantsProps) {
  const [leaving, setLeaving] = useState<RoleGrant | null>(null);
  const { send, refusal, setRefusal, sending } = useChange(RevokeRoleMutation);

  async function revoke(grant: RoleGrant): Promise<void> {
    if (!(await send({ grantId: grant.id }))) return;
    setLeaving(null);
    onDone(`The role ${nameOf(grant)} is taken away.`);
  }

  if (grants.length === 0) return <p className={styles.introduction}>No role is given directly.</p>;
  return (
    <>
      <ul className={styles.rows} aria-label="Roles given directly">
        {grants.map((grant) => (
          <li key={grant.id} data-grant={grant.role?.key}>
            <div className={styles.what}>
              <bdi className={styles.name} title={nameOf(grant)}>
                {nameOf(grant)}
              </bdi>
              {grant.role && <span className={styles.detail}>{grant.role.key}</span>}
            </div>
            <GrantFacts grant={grant} />
            <Button
              variant="default"
              size="compact-xs"
              aria-label={`Take away: ${nameOf(grant)}`}
              onClick={() => {
                setRefusal(null);
                setLeaving(grant);
              }}
            >
              Take away
            </Button>
          </li>
        ))}
      </ul>
      <Dialog title="Take the role away" opened={leaving !== null} onClose={() => setLeaving(null)}>
        {leaving && (
          <Confirm
            action="Take it away"
            sending={sending}
            refusal={refusal?.message}
            onConfirm={() => void revoke(leaving)}
            onCancel={() => setLeaving(null)}
          >
            <p>
              <bdi>{nameOf(leaving)}</bdi> no longer counts by this grant, at once. What gives it in another way stays.
            </p>
          </Confirm>
        )}
      </Dialog>
    </>
  );
}

function GrantFacts({ grant: { source, grantedBy, grantedAt, startsAt, expiresAt } }: { grant: RoleGrant }) {
  const now = useNow();
  return (
    <div className={styles.ways}>
      {source === 'DIRECT' && grantedBy !== null ? (
        <>
          by <bdi>{grantedBy}</bdi>,{' '}
        </>
      ) : (
        'by Agnes, '
      )}
      <RelativeTime moment={grantedAt} />
      {startsAt !== null && new Date(startsAt) > now && (
        <>
          , begins <RelativeTime moment={startsAt} />
        </>
      )}
      {expiresAt !== null && (
        <>
          , {new Date(expiresAt) > now ? 'ends' : 'ended'} <RelativeTime moment={expiresAt} />
        </>
      )}
    </div>
  );
}

function nameOf({ role }: RoleGrant): string {
  return role?.displayName ?? 'A role that is no longer defined';
}
