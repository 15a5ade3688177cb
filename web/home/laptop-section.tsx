import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CopyableCode } from '../copyable-code.tsx';
import { QueryView } from '../query-view.tsx';
import { LaptopsQuery } from './documents.ts';
import { HomeSection } from './home-section.tsx';
import styles from './home.module.css';

/** How to have the tables on a laptop; folded away for who has one that came in. */
export function LaptopSection() {
  return (
    <HomeSection title="On your laptop">
      <QueryView query={LaptopsQuery} variables={{}} what="Your laptops">
        {({ viewer }) => {
          const devices = viewer?.devices.length ?? 0;
          const hasBegun = devices > 0 || viewer?.tokens.some(({ lastUsedAt }) => lastUsedAt !== null);
          if (!hasBegun) {
            return (
              <>
                <p className={styles.oldest}>
                  <code>da</code> brings the tables that you may read to your laptop and keeps them fresh. Node.js has
                  to be there.
                </p>
                <Start />
              </>
            );
          }
          return (
            <>
              <p className={styles.oldest}>
                {devices > 0 ? (
                  <>
                    You let in{' '}
                    <ProfileLink hash="devices">{devices === 1 ? '1 device' : `${devices} devices`}</ProfileLink>.
                  </>
                ) : (
                  <>
                    You use <ProfileLink hash="tokens">tokens</ProfileLink>.
                  </>
                )}{' '}
                <code>da sync</code> brings what has changed.
              </p>
              <details className={styles.more}>
                <summary>Set up another laptop</summary>
                <Start />
              </details>
            </>
          );
        }}
      </QueryView>
    </HomeSection>
  );
}

function Start() {
  const server = location.origin;
  const commands = [
    `curl -fsSL ${server}/cli/install.sh | sh`,
    `da auth login --server ${server}`,
    'mkdir agnes && cd agnes',
    `da init ${server}`,
  ];
  return (
    <>
      <div className={styles.start}>
        <CopyableCode label="The commands that begin on a laptop" text={commands.join('\n')} />
      </div>
      <p className={styles.oldest}>
        Or let an agent do it: <ProfileLink hash="tokens">Set up an agent</ProfileLink> makes the text for it.
      </p>
    </>
  );
}

function ProfileLink({ hash, children }: { hash: string; children: ReactNode }) {
  return (
    <Anchor component={Link} to="/profile" hash={hash} underline="always" inherit>
      {children}
    </Anchor>
  );
}
