import { Link, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import styles from './person.module.css';

/** A part of a page that has an address of its own behind the `#`. */
export interface SectionPage {
  id: string;
  label: string;
  content: ReactNode;
}

interface SectionPagesProps {
  /** What the sections are of: `Your profile`. */
  label: string;
  sections: readonly SectionPage[];
}

/** One section at a time, the one that the address names, the first unless it names one; only it asks the server. */
export function SectionPages({ label, sections }: SectionPagesProps) {
  const hash = useLocation({ select: (location) => location.hash });
  const shown = sections.find(({ id }) => id === hash) ?? sections[0];
  return (
    <>
      <nav className={styles.sections} aria-label={label}>
        <ul>
          {sections.map(({ id, label: name }) => (
            <li key={id}>
              <Link
                to="."
                hash={id}
                resetScroll={false}
                activeOptions={{ includeHash: true }}
                aria-current={id === shown?.id ? 'true' : undefined}
              >
                {name}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {shown && (
        <section key={shown.id} aria-labelledby={`section-${shown.id}`} className={styles.section}>
          <h2 id={`section-${shown.id}`} className={styles.sectionTitle}>
            {shown.label}
          </h2>
          {shown.content}
        </section>
      )}
    </>
  );
}
