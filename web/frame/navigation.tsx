import { Link, useRouteContext } from '@tanstack/react-router';
import { Fragment } from 'react';
import { CodeIcon } from '../icons.tsx';
import styles from './frame.module.css';
import type { Page } from './page.ts';
import { useSession } from './session.ts';

/** The pages this person may use, in the order they ask for, and GraphiQL. */
export function Navigation() {
  const { pages } = useRouteContext({ from: '__root__' });
  const { viewer, may } = useSession();
  if (!viewer) return null;
  const shown = pages.filter(({ menu, needs }) => menu && (needs === null || may(needs)));
  return (
    <nav className={styles.navigation} aria-label="Pages">
      <ul>
        {shown.toSorted(byOrder).map((page) => {
          const Shown = page.menu?.shown ?? Fragment;
          return (
            <Shown key={page.route.id}>
              <Entry page={page} />
            </Shown>
          );
        })}
        <li>
          <a href="/graphiql">
            <CodeIcon />
            GraphiQL
          </a>
        </li>
      </ul>
    </nav>
  );
}

function Entry({ page: { route, menu } }: { page: Page }) {
  return (
    <li>
      <Link to={route.fullPath} activeOptions={{ exact: route.fullPath === '/', includeSearch: false }}>
        {menu?.icon}
        {menu?.label}
      </Link>
    </li>
  );
}

function byOrder(one: Page, other: Page): number {
  return (one.menu?.order ?? 0) - (other.menu?.order ?? 0);
}
