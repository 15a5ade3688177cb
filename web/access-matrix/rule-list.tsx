import { DoneIcon, NeverIcon } from '../icons.tsx';
import type { MatrixRule } from './documents.ts';
import { WideTable } from '../wide-table.tsx';
import styles from './access-matrix.module.css';

/** Roles that are named at once besides the one of the rule. */
const shownRoles = 5;

interface RuleListProps {
  title: string;
  /** What one does with them. */
  what: string;
  rules: readonly MatrixRule[];
}

/** The rules of one kind of operation; nothing where none is shown. */
export function RuleList({ title, what, rules }: RuleListProps) {
  if (rules.length === 0) return null;
  return (
    <section className={styles.kind} aria-label={title}>
      <h2 className={styles.title}>
        {title} <span className={styles.count}>{what}</span>
      </h2>
      <WideTable label={`Rules of ${title.toLowerCase()}`} className={styles.rules}>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            <th scope="col">Needs</th>
            <th scope="col">You</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.field} data-field={rule.field}>
              <th scope="row">
                <code className={styles.field}>{rule.field.replace(/^\w+\./, '')}</code>
                <span className={styles.description}>{rule.description.replaceAll('`', '')}</span>
              </th>
              <td>
                <bdi>{rule.rule}</bdi>
                <OtherRoles rule={rule} />
              </td>
              <td>
                <span className={styles.you} data-permitted={rule.permitted}>
                  {rule.permitted ? <DoneIcon /> : <NeverIcon />}
                  {rule.permitted ? 'may' : 'may not'}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </WideTable>
    </section>
  );
}

function OtherRoles({ rule: { rule, roles } }: { rule: MatrixRule }) {
  const others = roles.filter((key) => key !== rule);
  if (others.length === 0) return null;
  const more = others.length - shownRoles;
  return (
    <span className={styles.description} title={others.join(', ')}>
      or {others.slice(0, shownRoles).join(', ')}
      {more > 0 && ` and ${more} more`}
    </span>
  );
}
