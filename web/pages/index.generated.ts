// Printed by `npm run generate` from the files of this folder.
import type { Page } from '../frame/page.ts';
import * as accessMatrix from './access-matrix.tsx';
import * as adminAccessRequests from './admin-access-requests.tsx';
import * as adminAccess from './admin-access.tsx';
import * as adminAudit from './admin-audit.tsx';
import * as adminGroupMappings from './admin-group-mappings.tsx';
import * as adminInstance from './admin-instance.tsx';
import * as adminRoles from './admin-roles.tsx';
import * as adminUser from './admin-user.tsx';
import * as adminUsers from './admin-users.tsx';
import * as device from './device.tsx';
import * as index from './index.tsx';
import * as invite from './invite.tsx';
import * as profile from './profile.tsx';
import * as resetPassword from './reset-password.tsx';
import * as setupGuide from './setup-guide.tsx';
import * as setup from './setup.tsx';
import * as signInLink from './sign-in-link.tsx';
import * as table from './table.tsx';
import * as tables from './tables.tsx';

export const pages = [
  accessMatrix,
  adminAccessRequests,
  adminAccess,
  adminAudit,
  adminGroupMappings,
  adminInstance,
  adminRoles,
  adminUser,
  adminUsers,
  device,
  index,
  invite,
  profile,
  resetPassword,
  setupGuide,
  setup,
  signInLink,
  table,
  tables,
] satisfies readonly Page[];
