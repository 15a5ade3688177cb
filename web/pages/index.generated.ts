// Printed by `npm run generate` from the files of this folder.
import type { Page } from '../frame/page.ts';
import * as adminGroupMappings from './admin-group-mappings.tsx';
import * as adminRoles from './admin-roles.tsx';
import * as device from './device.tsx';
import * as index from './index.tsx';
import * as invite from './invite.tsx';
import * as resetPassword from './reset-password.tsx';
import * as setupGuide from './setup-guide.tsx';
import * as setup from './setup.tsx';
import * as signInLink from './sign-in-link.tsx';

export const pages = [
  adminGroupMappings,
  adminRoles,
  device,
  index,
  invite,
  resetPassword,
  setupGuide,
  setup,
  signInLink,
] satisfies readonly Page[];
