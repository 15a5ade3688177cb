// Printed by `npm run generate` from the files of this folder.
import type { Page } from '../frame/page.ts';
import * as accessMatrix from './access-matrix.tsx';
import * as adminAccessRequests from './admin-access-requests.tsx';
import * as adminAccess from './admin-access.tsx';
import * as adminAudit from './admin-audit.tsx';
import * as adminGroupMappings from './admin-group-mappings.tsx';
import * as adminInstance from './admin-instance.tsx';
import * as adminRoles from './admin-roles.tsx';
import * as adminSource from './admin-source.tsx';
import * as adminSources from './admin-sources.tsx';
import * as adminSyncRun from './admin-sync-run.tsx';
import * as adminSyncRuns from './admin-sync-runs.tsx';
import * as adminUser from './admin-user.tsx';
import * as adminUsers from './admin-users.tsx';
import * as device from './device.tsx';
import * as index from './index.tsx';
import * as invite from './invite.tsx';
import * as metric from './metric.tsx';
import * as metrics from './metrics.tsx';
import * as profile from './profile.tsx';
import * as resetPassword from './reset-password.tsx';
import * as setupGuide from './setup-guide.tsx';
import * as setup from './setup.tsx';
import * as signInLink from './sign-in-link.tsx';
import * as sql from './sql.tsx';
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
  adminSource,
  adminSources,
  adminSyncRun,
  adminSyncRuns,
  adminUser,
  adminUsers,
  device,
  index,
  invite,
  metric,
  metrics,
  profile,
  resetPassword,
  setupGuide,
  setup,
  signInLink,
  sql,
  table,
  tables,
] satisfies readonly Page[];
