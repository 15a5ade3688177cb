import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSession } from '../frame/session.ts';
import { Notice } from '../notice.tsx';
import person from '../person/person.module.css';
import type { InstanceConfiguration, InstanceFacts } from './documents.ts';
import styles from './instance.module.css';

interface ConfigurationPartProps {
  instance: InstanceFacts;
  configuration: InstanceConfiguration;
}

/** What the instance is set up with, each with where it is said. */
export function ConfigurationPart({ instance, configuration }: ConfigurationPartProps) {
  const { may } = useSession();
  const { faults, allowedDomains, providers } = configuration;
  return (
    <>
      {faults.length > 0 && (
        <Notice title="Settings that cannot be used" level={3} tone="bad">
          {faults.map(({ key, message }) => (
            <p key={key}>
              <bdi>{message}</bdi>
            </p>
          ))}
        </Notice>
      )}
      <dl className={person.facts}>
        <Setting name="Name" by={configuration.nameFixedBy}>
          <bdi>{configuration.name}</bdi>
        </Setting>
        <dt>Version</dt>
        <dd>{instance.version}</dd>
        {instance.developmentMode && (
          <>
            <dt>Development mode</dt>
            <dd>
              on <By by="LOCAL_DEV_MODE" />
            </dd>
          </>
        )}
        <dt>Contact</dt>
        <dd>
          {instance.contact === null ? (
            <>
              nobody is named <By by="INSTANCE_CONTACT can name one" />
            </>
          ) : (
            <>
              <bdi>{instance.contact}</bdi> <By by={configuration.contactFixedBy} />
            </>
          )}
        </dd>
        <Setting name="Domains of new people" by={configuration.allowedDomainsFixedBy}>
          {allowedDomains.length === 0 ? 'none: nobody new comes in by a provider' : allowedDomains.join(', ')}
        </Setting>
        <dt>Ways to sign in</dt>
        <dd>
          {instance.signInDoors.length === 0 ? 'none' : instance.signInDoors.map(({ label }) => label).join(', ')}
        </dd>
        <dt>Sign-in providers</dt>
        <dd>
          {providers.length === 0 && 'none '}
          {configuration.providersFixedBy && <By by={configuration.providersFixedBy} />}
          <ul className={styles.providers}>
            {providers.map(({ id, label, issuer, isOpen, fixedBy }) => (
              <li key={id}>
                <bdi>{label}</bdi> (<bdi>{issuer}</bdi>){' '}
                {isOpen ? 'open' : <strong className={styles.bad}>closed: its secret is missing</strong>}{' '}
                <By by={fixedBy ?? 'changeable'} />
              </li>
            ))}
          </ul>
        </dd>
      </dl>
      {may('Mutation.configureInstance') && (
        <p className={styles.below}>
          What no key fixes is changed in the{' '}
          <Anchor component={Link} to="/setup/guide" underline="always" inherit>
            setup
          </Anchor>
          .
        </p>
      )}
    </>
  );
}

interface SettingProps {
  name: string;
  /** The key that fixes it; null: it is set up here. */
  by: string | null;
  children: ReactNode;
}

function Setting({ name, by, children }: SettingProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {children} <By by={by ?? 'changeable'} />
      </dd>
    </>
  );
}

function By({ by }: { by: string | null }) {
  return by === null ? null : <span className={styles.by}>{by}</span>;
}
