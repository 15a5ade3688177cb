import { Confirm } from '../confirm.tsx';
import { useInputMutation } from '../sign-in/use-input-mutation.ts';
import { ConfigureInstanceMutation, RemoveSecretMutation, type Configuration, type Provider } from './documents.ts';
import { ownProviders } from './own-providers.ts';

interface RemoveProviderProps {
  configuration: Configuration;
  provider: Provider;
  onCancel: () => void;
  onDone: (announcement: string) => void;
}

/** Asks before a provider goes. Its secret goes first: nothing would name it any more, so that nobody could take it away. */
export function RemoveProvider({ configuration, provider, onCancel, onDone }: RemoveProviderProps) {
  const secret = useInputMutation(RemoveSecretMutation, []);
  const list = useInputMutation(ConfigureInstanceMutation, []);
  const { id, label, clientSecretEnv } = provider;

  async function remove(): Promise<void> {
    if (!(await secret.send({ name: clientSecretEnv }))) return;
    const providers = ownProviders(configuration).filter((other) => other.id !== id);
    if (await list.send({ providers })) onDone(`The provider ${label} is removed.`);
  }

  return (
    <Confirm
      action="Remove it"
      sending={secret.sending || list.sending}
      refusal={secret.refusal?.message ?? list.refusal?.message}
      onConfirm={() => void remove()}
      onCancel={onCancel}
    >
      <p>
        Nobody comes in by <bdi>{label}</bdi> any more, at once, and its secret is taken away. Who came in by it stays a
        user, and signed in until the session ends.
      </p>
    </Confirm>
  );
}
