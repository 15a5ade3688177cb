import type { AnyRoute } from '@tanstack/react-router';
import type { ComponentType, ReactNode } from 'react';
import type { RootField } from '../graphql.ts';

/** Where a page stands in the menu: lower `order` first. */
export interface MenuEntry {
  label: string;
  icon: ReactNode;
  order: number;
  /** Shows the entry it is given, or nothing; absent: it is always shown. */
  shown?: ComponentType<{ children: ReactNode }>;
}

/** What each file in `web/pages` exports. */
export interface Page {
  route: AnyRoute;
  /** The root field without which the page is of no use; null opens it to everybody, signed in or not. */
  needs: RootField | null;
  menu?: MenuEntry;
}
