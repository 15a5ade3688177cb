// Printed by `npm run generate` from the files of this folder.
import type { Page } from '../frame/page.ts';
import * as index from './index.tsx';
import * as setup from './setup.tsx';

export const pages = [
  index,
  setup,
] satisfies readonly Page[];
