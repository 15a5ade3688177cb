import { Link } from '@tanstack/react-router';
import styles from '../person/person.module.css';

const whole = { exact: true, includeSearch: true };

/** Leads between the list of runs and the timeline. */
export function ViewLinks({ isTimeline }: { isTimeline: boolean }) {
  return (
    <nav className={styles.sections} aria-label="Views of the runs">
      <ul>
        <li>
          <Link to="/admin/sync-runs" activeOptions={whole} aria-current={isTimeline ? undefined : 'true'}>
            List
          </Link>
        </li>
        <li>
          <Link
            to="/admin/sync-runs"
            search={{ view: 'timeline' }}
            activeOptions={whole}
            aria-current={isTimeline ? 'true' : undefined}
          >
            Timeline
          </Link>
        </li>
      </ul>
    </nav>
  );
}
