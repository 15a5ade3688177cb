// Printed by `npm run generate` from the files of this folder.
import type { Command } from '../command.ts';
import * as adminEffectiveRoles from './admin-effective-roles.ts';
import * as adminGrantRole from './admin-grant-role.ts';
import * as adminMappingCreate from './admin-mapping-create.ts';
import * as adminMappingDelete from './admin-mapping-delete.ts';
import * as adminMappingList from './admin-mapping-list.ts';
import * as adminRevokeRole from './admin-revoke-role.ts';
import * as adminRoleCreate from './admin-role-create.ts';
import * as adminRoleDelete from './admin-role-delete.ts';
import * as adminRoleList from './admin-role-list.ts';
import * as adminRoleShow from './admin-role-show.ts';
import * as adminRoleUpdate from './admin-role-update.ts';
import * as adminSetCoreRole from './admin-set-core-role.ts';
import * as authImportToken from './auth-import-token.ts';
import * as authSignOut from './auth-sign-out.ts';
import * as authWhoami from './auth-whoami.ts';
import * as completion from './completion.ts';
import * as metricsExport from './metrics-export.ts';
import * as metricsImport from './metrics-import.ts';
import * as metricsList from './metrics-list.ts';
import * as metricsRun from './metrics-run.ts';
import * as metricsShow from './metrics-show.ts';
import * as metricsValidate from './metrics-validate.ts';
import * as query from './query.ts';
import * as syncCancel from './sync-cancel.ts';
import * as syncList from './sync-list.ts';
import * as syncShow from './sync-show.ts';
import * as syncStart from './sync-start.ts';
import * as syncStatus from './sync-status.ts';
import * as tablesList from './tables-list.ts';

export const commands = [
  adminEffectiveRoles,
  adminGrantRole,
  adminMappingCreate,
  adminMappingDelete,
  adminMappingList,
  adminRevokeRole,
  adminRoleCreate,
  adminRoleDelete,
  adminRoleList,
  adminRoleShow,
  adminRoleUpdate,
  adminSetCoreRole,
  authImportToken,
  authSignOut,
  authWhoami,
  completion,
  metricsExport,
  metricsImport,
  metricsList,
  metricsRun,
  metricsShow,
  metricsValidate,
  query,
  syncCancel,
  syncList,
  syncShow,
  syncStart,
  syncStatus,
  tablesList,
] satisfies readonly Command[];
