import { Confirm } from '../confirm.tsx';
import { useChange } from '../data/use-change.ts';
import { QueryView } from '../query-view.tsx';
import { DeleteUserMutation, UserRemovalQuery, type RemovedWithUser, type UserAccount } from './documents.ts';
import styles from './users.module.css';

interface DeleteUserProps {
  user: UserAccount;
  onCancel: () => void;
  onDone: () => void;
}

/** Asks before somebody goes for good, and says what goes along. */
export function DeleteUser({ user, onCancel, onDone }: DeleteUserProps) {
  const { send, refusal, sending } = useChange(DeleteUserMutation);

  async function remove(): Promise<void> {
    if (await send({ id: user.id })) onDone();
  }

  return (
    <QueryView query={UserRemovalQuery} variables={{ id: user.id }} what="What goes along">
      {({ userRemoval }) => (
        <Confirm
          action="Delete for good"
          sending={sending}
          refusal={refusal?.message}
          onConfirm={() => void remove()}
          onCancel={onCancel}
        >
          <p>
            <bdi>{user.email}</bdi> goes for good{userRemoval && anything(userRemoval) ? ', and with them:' : '.'}
          </p>
          {userRemoval && anything(userRemoval) && <Removed removed={userRemoval} />}
          <p>The audit keeps what they did.</p>
        </Confirm>
      )}
    </QueryView>
  );
}

const nouns: readonly [keyof RemovedWithUser, string, string][] = [
  ['sessions', 'session', 'sessions'],
  ['devices', 'device', 'devices'],
  ['tokens', 'token', 'tokens'],
  ['identities', 'identity at a sign-in provider', 'identities at sign-in providers'],
  ['roleGrants', 'role', 'roles'],
  ['externalGroups', 'membership of a group', 'memberships of groups'],
  ['tableGrants', 'table grant', 'table grants'],
  ['accessRequests', 'access request', 'access requests'],
  ['exports', 'export', 'exports'],
];

function anything(removed: RemovedWithUser): boolean {
  return nouns.some(([key]) => removed[key] > 0);
}

function Removed({ removed }: { removed: RemovedWithUser }) {
  return (
    <ul className={styles.removed}>
      {nouns
        .filter(([key]) => removed[key] > 0)
        .map(([key, one, many]) => (
          <li key={key}>
            {removed[key]} {removed[key] === 1 ? one : many}
          </li>
        ))}
    </ul>
  );
}
