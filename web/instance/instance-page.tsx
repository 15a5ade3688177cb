import { VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { QueryView } from '../query-view.tsx';
import { useSyncEvents } from '../tables/use-sync-events.ts';
import { tellResync } from '../data/connection.ts';
import { ConfigurationPart } from './configuration-part.tsx';
import { InstanceConfigurationQuery, InstanceHealthQuery } from './documents.ts';
import { HealthPart } from './health-part.tsx';
import { SecretList } from './secret-list.tsx';
import { SigningKeys } from './signing-keys.tsx';
import styles from './instance.module.css';

/** How the instance is, what it is set up with and by what, and its keys. */
export function InstancePage() {
  const [announcement, setAnnouncement] = useState('');
  useSyncEvents((event) => {
    if (event.__typename === 'SyncStarted' || event.__typename === 'SyncFinished') tellResync();
  });
  return (
    <>
      <section className={styles.part} aria-labelledby="health">
        <h2 id="health">Health</h2>
        <QueryView query={InstanceHealthQuery} variables={{}} what="The health">
          {({ instance, failed, partial }) =>
            instance?.health && (
              <HealthPart
                health={instance.health}
                runs={[...(failed?.edges ?? []), ...(partial?.edges ?? [])].map(({ node }) => node)}
              />
            )
          }
        </QueryView>
      </section>
      <QueryView query={InstanceConfigurationQuery} variables={{}} what="The configuration">
        {({ instance }) =>
          instance?.configuration && (
            <>
              <section className={styles.part} aria-labelledby="configuration">
                <h2 id="configuration">Configuration</h2>
                <ConfigurationPart instance={instance} configuration={instance.configuration} />
              </section>
              <section className={styles.part} aria-labelledby="secrets">
                <h2 id="secrets">Secrets</h2>
                <SecretList secrets={instance.secrets ?? []} />
              </section>
            </>
          )
        }
      </QueryView>
      <section className={styles.part} aria-labelledby="keys">
        <h2 id="keys">Signing keys</h2>
        <SigningKeys onDone={setAnnouncement} />
      </section>
      <VisuallyHidden role="status">{announcement}</VisuallyHidden>
    </>
  );
}
