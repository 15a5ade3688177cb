import { useNavigate, useRouteContext } from '@tanstack/react-router';
import type { Page } from '../frame/page.ts';
import { useSession } from '../frame/session.ts';
import { CodeIcon } from '../icons.tsx';
import type { PaletteItem } from './palette-item.ts';

/** The pages of the menu whose name has this text, in the order of the menu, and GraphiQL. */
export function usePageItems(search: string): PaletteItem[] {
  const pages: readonly Page[] = useRouteContext({ from: '__root__' }).pages;
  const { may } = useSession();
  const navigate = useNavigate();
  const items = pages
    .filter(({ menu, needs }) => menu && (needs === null || may(needs)))
    .toSorted((one, other) => (one.menu?.order ?? 0) - (other.menu?.order ?? 0))
    .map(({ route, menu }) => ({
      id: `page-${route.id}`,
      label: menu?.label ?? '',
      detail: null,
      icon: menu?.icon,
      go: () => void navigate({ to: route.fullPath }),
    }));
  const graphiql = { id: 'page-graphiql', label: 'GraphiQL', detail: null, icon: <CodeIcon /> };
  return [...items, { ...graphiql, go: () => location.assign('/graphiql') }].filter(({ label }) =>
    label.toLowerCase().includes(search.toLowerCase()),
  );
}
