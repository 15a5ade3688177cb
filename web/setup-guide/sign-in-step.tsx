import type { Configuration, Secrets } from './documents.ts';
import { ProviderForm } from './provider-form.tsx';
import { ProviderItem } from './provider-item.tsx';
import styles from './setup-guide.module.css';

interface SignInStepProps {
  configuration: Configuration;
  secrets: Secrets;
  onDone: (announcement: string) => void;
}

/** The providers there are, and a form for another. */
export function SignInStep({ configuration, secrets, onDone }: SignInStepProps) {
  const { providers, providersFixedBy } = configuration;
  return (
    <>
      <p>People come in by password. Add an OpenID Connect provider if they shall come in by it too.</p>
      <ul className={styles.providers}>
        {providers.map((provider) => (
          <ProviderItem
            key={provider.id}
            configuration={configuration}
            provider={provider}
            secrets={secrets}
            onDone={onDone}
          />
        ))}
      </ul>
      {providersFixedBy ? (
        <p>The providers are fixed by {providersFixedBy}; change them there.</p>
      ) : (
        <ProviderForm key={providers.length} configuration={configuration} onDone={onDone} />
      )}
    </>
  );
}
