// Printed by `npm run generate` from the files of this folder.
import type { Page } from '../frame/page.ts';
import * as adminGroupMappings from './admin-group-mappings.tsx';
import * as adminRoles from './admin-roles.tsx';
import * as device from './device.tsx';
import * as index from './index.tsx';
import * as setup from './setup.tsx';

export const pages = [
  adminGroupMappings,
  adminRoles,
  device,
  index,
  setup,
] satisfies readonly Page[];
