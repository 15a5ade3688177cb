// Printed by `npm run generate` from the files of this folder.
import type { Page } from '../frame/page.ts';
import * as device from './device.tsx';
import * as index from './index.tsx';
import * as setup from './setup.tsx';

export const pages = [
  device,
  index,
  setup,
] satisfies readonly Page[];
