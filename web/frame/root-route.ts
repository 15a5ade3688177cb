import { createRootRouteWithContext } from '@tanstack/react-router';
import { BrokenPage } from './broken-page.tsx';
import { Frame } from './frame.tsx';
import { NotFound } from './not-found.tsx';
import type { Page } from './page.ts';

/** The parent of every page's route. */
export const rootRoute = createRootRouteWithContext<{ pages: readonly Page[] }>()({
  component: Frame,
  errorComponent: BrokenPage,
  notFoundComponent: NotFound,
});
