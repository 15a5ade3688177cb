import { createRouter, parseSearchWith, stringifySearchWith } from '@tanstack/react-router';
import { BrokenPage } from './frame/broken-page.tsx';
import { rootRoute } from './frame/root-route.ts';
import { pages } from './pages/index.generated.ts';

/** The addresses of this app. A search parameter is plain text, as people type it; each page parses its own. */
export const router = createRouter({
  routeTree: rootRoute.addChildren(pages.map((page) => page.route)),
  context: { pages },
  defaultErrorComponent: BrokenPage,
  parseSearch: parseSearchWith((text) => text),
  stringifySearch: stringifySearchWith(String),
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
