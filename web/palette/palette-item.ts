import type { ReactNode } from 'react';

/** Something to go to. */
export interface PaletteItem {
  /** Unique among all. */
  id: string;
  label: string;
  detail: string | null;
  icon: ReactNode;
  go: () => void;
}

/** Things of one kind. */
export interface PaletteGroup {
  name: string;
  items: readonly PaletteItem[];
}
