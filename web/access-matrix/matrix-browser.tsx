import { Checkbox, Group, NativeSelect } from '@mantine/core';
import { Notice } from '../notice.tsx';
import { QueryView } from '../query-view.tsx';
import { SearchField } from '../tables/search-field.tsx';
import { MatrixQuery, type MatrixRule } from './documents.ts';
import { filterRules, namedRoles, type MatrixFilter } from './filter-rules.ts';
import { RuleList } from './rule-list.tsx';
import styles from './access-matrix.module.css';

const kinds = [
  { type: 'Query', title: 'Queries', what: 'read' },
  { type: 'Mutation', title: 'Mutations', what: 'change something' },
  { type: 'Subscription', title: 'Subscriptions', what: 'hear what happens' },
] as const;

interface MatrixBrowserProps {
  filter: MatrixFilter;
  onFilter: (filter: MatrixFilter) => void;
}

/** Who may use what: the rule of every query, mutation and subscription, searched and narrowed. */
export function MatrixBrowser({ filter, onFilter }: MatrixBrowserProps) {
  return (
    <>
      <p className={styles.introduction}>
        Everything that this page, <code>da</code> and programs do goes by one of these, and each has one rule. A role
        lets in its holders and the holders of every role that implies it.
      </p>
      <QueryView query={MatrixQuery} variables={{}} what="The matrix">
        {({ accessMatrix }) => {
          const rules = accessMatrix ?? [];
          const shown = filterRules(rules, filter);
          return (
            <>
              <Group mb="md" gap="md" align="center">
                <SearchField
                  label="Search the matrix"
                  value={filter.search}
                  onSearch={(search) => onFilter({ ...filter, search })}
                />
                <NativeSelect
                  aria-label="Role"
                  value={filter.role ?? ''}
                  onChange={(event) => onFilter({ ...filter, role: event.currentTarget.value || null })}
                >
                  <option value="">Every role</option>
                  {roleChoices(rules, filter.role).map((key) => (
                    <option key={key} value={key}>
                      What {key} may
                    </option>
                  ))}
                </NativeSelect>
                <Checkbox
                  label="Only what I may"
                  checked={filter.onlyMine}
                  onChange={(event) => onFilter({ ...filter, onlyMine: event.currentTarget.checked })}
                />
                <span className={styles.count} role="status">
                  {shown.length === rules.length ? `${rules.length} rules` : `${shown.length} of ${rules.length} rules`}
                </span>
              </Group>
              {shown.length === 0 && (
                <Notice title="No rule fits">
                  <p>Nothing contains what you search for and fits the rest. Take a part of it back.</p>
                </Notice>
              )}
              {kinds.map(({ type, title, what }) => (
                <RuleList
                  key={type}
                  title={title}
                  what={what}
                  rules={shown.filter(({ field }) => field.startsWith(`${type}.`))}
                />
              ))}
            </>
          );
        }}
      </QueryView>
    </>
  );
}

/** A role that the address names stays a choice when no rule knows it. */
function roleChoices(rules: readonly MatrixRule[], chosen: string | null): string[] {
  const named = namedRoles(rules);
  return chosen === null || named.includes(chosen) ? named : [...named, chosen];
}
