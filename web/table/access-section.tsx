import { CopyableCode } from '../copyable-code.tsx';
import { PageLink } from '../frame/page-link.tsx';
import { AccessReason } from '../person/access-reason.tsx';
import type { TableFacts } from './documents.ts';
import { Section } from './section.tsx';
import { storedIdOf } from './stored-id.ts';
import styles from './table.module.css';

/** Why the viewer may read a table, and how somebody else comes to it. */
export function AccessSection({ table: { id, sqlName, viewerAccess } }: { table: TableFacts }) {
  const reasons = viewerAccess.filter(({ effect }) => effect === 'ALLOW');
  const link = `${location.origin}/tables/${encodeURIComponent(sqlName)}?id=${storedIdOf(id)}`;
  return (
    <Section
      title="Access"
      aside={
        <PageLink path="/admin/access" search={{ table: sqlName }}>
          Who reads it, and by which grant
        </PageLink>
      }
    >
      <p className={styles.plain}>You may read this table:</p>
      <ul className={styles.reasons} aria-label="Why you may read it">
        {reasons.map((reason, place) => (
          // oxlint-disable-next-line react/no-array-index-key
          <li key={place}>
            <AccessReason reasons={[reason]} />
          </li>
        ))}
      </ul>
      <p className={styles.plain}>Who may not read it can ask for it by this link:</p>
      <div className={styles.link}>
        <CopyableCode label="The link to this table" text={link} />
      </div>
    </Section>
  );
}
