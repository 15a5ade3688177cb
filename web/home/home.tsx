import { useSession } from '../frame/session.ts';
import { Notice } from '../notice.tsx';
import { FreshnessSection } from './freshness-section.tsx';
import styles from './home.module.css';
import { LaptopSection } from './laptop-section.tsx';
import { RequestsSection } from './requests-section.tsx';

/** What changed, how fresh it is, what waits, and how to begin. */
export function Home() {
  const { may } = useSession();
  if (!may('Query.tables')) {
    return (
      <Notice title="No role counts for you yet">
        <p>You are signed in, and may read nothing. Ask an administrator for a role; this page then fills by itself.</p>
      </Notice>
    );
  }
  return (
    <div className={styles.home}>
      {may('Query.tableFreshness') && <FreshnessSection />}
      <div className={styles.aside}>
        {may('Query.accessRequests') && <RequestsSection />}
        <LaptopSection />
      </div>
    </div>
  );
}
