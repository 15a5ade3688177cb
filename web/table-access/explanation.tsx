import { Link } from '@tanstack/react-router';
import { Notice } from '../notice.tsx';
import person from '../person/person.module.css';
import { QueryView } from '../query-view.tsx';
import { storedIdOf } from '../users/stored-id.ts';
import { ExplainAccessQuery } from './documents.ts';
import { ReasonText } from './reason-text.tsx';
import styles from './table-access.module.css';

interface ExplanationProps {
  tableId: string;
  userId: string;
  onEverybody: () => void;
}

/** Whether one user may read one table, with everything that speaks for or against it; the first decides. */
export function Explanation({ tableId, userId, onEverybody }: ExplanationProps) {
  return (
    <QueryView query={ExplainAccessQuery} variables={{ tableId, userId }} what="The explanation">
      {({ explainAccess }) =>
        explainAccess ? (
          <section aria-labelledby="explanation" className={styles.part}>
            <h3 id="explanation" className={styles.verdict} data-allowed={explainAccess.allowed}>
              <bdi>{explainAccess.user.email}</bdi> {explainAccess.allowed ? 'may read it' : 'may not read it'}
            </h3>
            <ol className={person.rows} aria-label="Reasons">
              {explainAccess.reasons.map((reason, index) => (
                <li key={index} data-effect={reason.effect}>
                  <div className={styles.reason}>
                    <span className={styles.effect} data-effect={reason.effect}>
                      {reason.effect === 'ALLOW' ? 'for' : 'against'}
                    </span>
                    <span className={styles.why}>
                      <ReasonText reason={reason} withPaths />
                    </span>
                    {index === 0 && <span className={person.mark}>decides</span>}
                  </div>
                </li>
              ))}
            </ol>
            <p className={styles.below}>
              <button type="button" className={styles.link} onClick={onEverybody}>
                Everybody who may read the table
              </button>
              <Link to="/admin/users/$id" params={{ id: storedIdOf(explainAccess.user.id) }} className={styles.link}>
                The page of this user
              </Link>
            </p>
          </section>
        ) : (
          <Notice title="There is no such user">
            <p>The user may have been removed. Choose another above.</p>
          </Notice>
        )
      }
    </QueryView>
  );
}
