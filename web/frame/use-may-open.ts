import { useRouteContext } from '@tanstack/react-router';
import type { Page } from './page.ts';
import { useSession } from './session.ts';

/** Whether this app has a page at this path that the person may use. */
export function useMayOpen(): (path: string) => boolean {
  const pages: readonly Page[] = useRouteContext({ from: '__root__' }).pages;
  const { viewer, may } = useSession();
  return (path) =>
    viewer !== null && pages.some(({ route, needs }) => route.fullPath === path && (needs === null || may(needs)));
}
