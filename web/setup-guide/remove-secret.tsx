import { Confirm } from '../confirm.tsx';
import { useInputMutation } from '../sign-in/use-input-mutation.ts';
import { RemoveSecretMutation, type Secrets } from './documents.ts';

interface RemoveSecretProps {
  secret: Secrets[number];
  onCancel: () => void;
  onDone: (announcement: string) => void;
}

/** Asks before the value of a secret goes, and says what needs it. */
export function RemoveSecret({ secret: { name, neededBy }, onCancel, onDone }: RemoveSecretProps) {
  const { send, refusal, sending } = useInputMutation(RemoveSecretMutation, []);

  async function remove(): Promise<void> {
    if (await send({ name })) onDone(`The secret ${name} is removed.`);
  }

  return (
    <Confirm
      action="Remove it"
      sending={sending}
      refusal={refusal?.message}
      onConfirm={() => void remove()}
      onCancel={onCancel}
    >
      <p>
        The value of <code>{name}</code> goes at once. Without it this does not work: {neededBy.join(', ')}.
      </p>
    </Confirm>
  );
}
