import { Button, CopyButton } from '@mantine/core';
import type { Configuration, Provider, Secrets } from './documents.ts';
import { ProviderForm } from './provider-form.tsx';
import { SecretForm } from './secret-form.tsx';
import styles from './setup-guide.module.css';

interface SignInStepProps {
  configuration: Configuration;
  secrets: Secrets;
  onDone: (announcement: string) => void;
}

/** The providers there are, each with its redirect URI and its secret, and a form for another. */
export function SignInStep({ configuration, secrets, onDone }: SignInStepProps) {
  const { providers, providersFixedBy } = configuration;
  return (
    <>
      <p>People come in by password. Add an OpenID Connect provider if they shall come in by it too.</p>
      <ul className={styles.providers}>
        {providers.map((provider) => (
          <ProviderItem key={provider.id} provider={provider} secrets={secrets} onDone={onDone} />
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

function ProviderItem({
  provider,
  secrets,
  onDone,
}: {
  provider: Provider;
  secrets: Secrets;
  onDone: (announcement: string) => void;
}) {
  const { id, label, issuer, isOpen, fixedBy, redirectUri, clientSecretEnv } = provider;
  const secret = secrets.find(({ name }) => name === clientSecretEnv);
  return (
    <li data-provider={id}>
      <p>
        <strong>
          <bdi>{label}</bdi>
        </strong>{' '}
        ({issuer}) {isOpen ? 'is open' : 'is closed until its secret is set'}
        {fixedBy && `, fixed by ${fixedBy}`}.
      </p>
      <p>
        Redirect URI to register there: <code>{redirectUri}</code>{' '}
        <CopyButton value={redirectUri}>
          {({ copied, copy }) => (
            <Button variant="default" size="compact-xs" onClick={copy} aria-label={`Copy the redirect URI of ${label}`}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </p>
      {secret && <SecretForm secret={secret} onDone={onDone} />}
    </li>
  );
}
