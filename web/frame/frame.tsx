import { Loader } from '@mantine/core';
import { Outlet, useMatches, useRouteContext } from '@tanstack/react-router';
import type { RootField } from '../graphql.ts';
import { FailureNotice } from '../notice.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import styles from './frame.module.css';
import { DevelopmentBanner, Header } from './header.tsx';
import { Navigation } from './navigation.tsx';
import { Refused } from './refused.tsx';
import { SessionContext, useSessionRequest, type Session } from './session.ts';
import { useAccessChanged } from './use-access-changed.ts';
import { useKeptFocus } from './use-kept-focus.ts';
import { SignedOut } from './signed-out.tsx';

/** What surrounds every page. */
export function Frame() {
  const request = useSessionRequest();
  useAccessChanged(request.state === 'ready' && request.session.viewer !== null);
  useKeptFocus();
  const { pages } = useRouteContext({ from: '__root__' });
  const routeId = useMatches({ select: (matches) => matches.at(-1)?.routeId });
  if (request.state === 'loading') {
    return (
      <main className={styles.alone}>
        <Loader size="sm" aria-label="Loading" role="status" />
      </main>
    );
  }
  if (request.state === 'failed') {
    return (
      <main className={styles.alone}>
        <h1 className={styles.aloneTitle}>Agnes</h1>
        <FailureNotice error={request.error} what="This instance" retry={request.retry} />
      </main>
    );
  }
  const { session } = request;
  const needs = pages.find(({ route }) => route.id === routeId)?.needs ?? null;
  return (
    <SessionContext value={session}>
      <a href="#content" className={styles.skip}>
        Skip to the content
      </a>
      <Header />
      <DevelopmentBanner />
      <ConnectionBanner />
      <div className={styles.body}>
        <Navigation />
        <main id="content" tabIndex={-1} className={styles.main}>
          <PageInFrame session={session} needs={needs} />
        </main>
      </div>
    </SessionContext>
  );
}

/** A page that needs a person, or a role, is shown only to who has what it needs; for others it is not even begun. */
function PageInFrame({ session, needs }: { session: Session; needs: RootField | null }) {
  if (needs === null) return <Outlet />;
  if (!session.viewer) return <SignedOut instance={session.instance} />;
  return session.may(needs) ? <Outlet /> : <Refused needs={needs} />;
}
