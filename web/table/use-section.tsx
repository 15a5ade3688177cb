import { CopyableCode } from '../copyable-code.tsx';
import { PageLink } from '../frame/page-link.tsx';
import type { TableFacts } from './documents.ts';
import { Section } from './section.tsx';
import styles from './table.module.css';

/** A statement and commands to begin with. */
export function UseSection({ table: { sqlName, queryMode } }: { table: TableFacts }) {
  return (
    <Section title="Use it">
      <div className={styles.uses}>
        <div>
          <h3 className={styles.way}>
            In SQL
            <PageLink path="/sql" search={{ table: sqlName }}>
              Open in SQL
            </PageLink>
          </h3>
          <CopyableCode label="The statement" text={`SELECT *\nFROM ${sqlName}\nLIMIT 100`} />
        </div>
        <div>
          <h3 className={styles.way}>On a laptop</h3>
          <CopyableCode label="The commands" text={commandsFor({ sqlName, queryMode })} />
        </div>
      </div>
    </Section>
  );
}

/** Rows that stay in another system come to no laptop: the server is asked. */
function commandsFor({ sqlName, queryMode }: Pick<TableFacts, 'sqlName' | 'queryMode'>): string {
  if (queryMode === 'REMOTE') return `da query --remote 'FROM ${sqlName} LIMIT 20'`;
  return [`da sync --table ${sqlName}`, `da explore ${sqlName}`, `da query 'FROM ${sqlName} LIMIT 20'`].join('\n');
}
