import { Button, CopyButton, Group } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Dialog } from '../dialog.tsx';
import type { Configuration, Provider, Secrets } from './documents.ts';
import { ProviderForm } from './provider-form.tsx';
import { RemoveProvider } from './remove-provider.tsx';
import { SecretForm } from './secret-form.tsx';

interface ProviderItemProps {
  configuration: Configuration;
  provider: Provider;
  secrets: Secrets;
  onDone: (announcement: string) => void;
}

/** A provider with its redirect URI and its secret; one that was set up in the program can be changed and removed. */
export function ProviderItem({ configuration, provider, secrets, onDone }: ProviderItemProps) {
  const [open, setOpen] = useState<'change' | 'remove' | null>(null);
  const { id, label, issuer, isOpen, fixedBy, redirectUri, clientSecretEnv } = provider;
  const secret = secrets.find(({ name }) => name === clientSecretEnv);
  const close = () => setOpen(null);
  const isRemoved = useRef(false);
  // The button that had the focus goes along with the provider.
  useEffect(
    () => () => {
      if (isRemoved.current) document.getElementById('content')?.focus();
    },
    [],
  );

  function done(said: string): void {
    close();
    onDone(said);
  }

  function removed(said: string): void {
    isRemoved.current = true;
    done(said);
  }

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
      {fixedBy === null && configuration.providersFixedBy === null && (
        <Group gap="sm" mb="md">
          <Button variant="default" size="compact-sm" onClick={() => setOpen('change')} aria-label={`Change: ${label}`}>
            Change
          </Button>
          <Button variant="default" size="compact-sm" onClick={() => setOpen('remove')} aria-label={`Remove: ${label}`}>
            Remove
          </Button>
        </Group>
      )}
      {secret && <SecretForm secret={secret} onDone={onDone} />}
      <Dialog title={<bdi>{label}</bdi>} opened={open === 'change'} onClose={close}>
        <ProviderForm configuration={configuration} provider={provider} onDone={done} />
      </Dialog>
      <Dialog title="Remove the provider" opened={open === 'remove'} onClose={close}>
        <RemoveProvider configuration={configuration} provider={provider} onCancel={close} onDone={removed} />
      </Dialog>
    </li>
  );
}
