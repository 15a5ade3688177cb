import { Confirm } from '../confirm.tsx';
import { useChange } from '../data/use-change.ts';
import { DeactivateUserMutation, type UserAccount } from './documents.ts';

interface DeactivateUserProps {
  user: UserAccount;
  onCancel: () => void;
  onDone: (announcement: string) => void;
}

/** Asks before somebody is shut out. */
export function DeactivateUser({ user, onCancel, onDone }: DeactivateUserProps) {
  const { send, refusal, sending } = useChange(DeactivateUserMutation);

  async function deactivate(): Promise<void> {
    if (await send({ id: user.id })) onDone(`${user.email} is deactivated.`);
  }

  return (
    <Confirm
      action="Deactivate"
      sending={sending}
      refusal={refusal?.message}
      onConfirm={() => void deactivate()}
      onCancel={onCancel}
    >
      <p>
        <bdi>{user.email}</bdi> is shut out at once. Sessions and devices end for good; roles, table grants and tokens
        count again after an activation.
      </p>
    </Confirm>
  );
}
