// Printed by `npm run generate` from the files of this folder.
import type { Command } from '../command.ts';
import * as adminBackup from './admin-backup.ts';
import * as adminEffectiveRoles from './admin-effective-roles.ts';
import * as adminGrantRole from './admin-grant-role.ts';
import * as adminKeyList from './admin-key-list.ts';
import * as adminKeyRotate from './admin-key-rotate.ts';
import * as adminMappingCreate from './admin-mapping-create.ts';
import * as adminMappingDelete from './admin-mapping-delete.ts';
import * as adminMappingList from './admin-mapping-list.ts';
import * as adminRevokeRole from './admin-revoke-role.ts';
import * as adminRoleCreate from './admin-role-create.ts';
import * as adminRoleDelete from './admin-role-delete.ts';
import * as adminRoleList from './admin-role-list.ts';
import * as adminRoleShow from './admin-role-show.ts';
import * as adminRoleUpdate from './admin-role-update.ts';
import * as adminSecretList from './admin-secret-list.ts';
import * as adminSecretRemove from './admin-secret-remove.ts';
import * as adminSetCoreRole from './admin-set-core-role.ts';
import * as adminSourceCreate from './admin-source-create.ts';
import * as adminSourceDelete from './admin-source-delete.ts';
import * as adminSourceList from './admin-source-list.ts';
import * as adminSourceShow from './admin-source-show.ts';
import * as adminSourceUpdate from './admin-source-update.ts';
import * as adminTableDescribeColumns from './admin-table-describe-columns.ts';
import * as adminTableDiscover from './admin-table-discover.ts';
import * as adminTableList from './admin-table-list.ts';
import * as adminTablePushColumns from './admin-table-push-columns.ts';
import * as adminTableRegisterAll from './admin-table-register-all.ts';
import * as adminTableRegister from './admin-table-register.ts';
import * as adminTableUnregister from './admin-table-unregister.ts';
import * as adminTableUpdate from './admin-table-update.ts';
import * as adminTokenList from './admin-token-list.ts';
import * as adminTokenRevoke from './admin-token-revoke.ts';
import * as adminUpgradeReport from './admin-upgrade-report.ts';
import * as adminUserActivate from './admin-user-activate.ts';
import * as adminUserCreate from './admin-user-create.ts';
import * as adminUserDeactivate from './admin-user-deactivate.ts';
import * as adminUserDelete from './admin-user-delete.ts';
import * as adminUserInvite from './admin-user-invite.ts';
import * as adminUserList from './admin-user-list.ts';
import * as adminUserResetPassword from './admin-user-reset-password.ts';
import * as adminUserShow from './admin-user-show.ts';
import * as adminUserUpdate from './admin-user-update.ts';
import * as auditList from './audit-list.ts';
import * as authImportToken from './auth-import-token.ts';
import * as authLogin from './auth-login.ts';
import * as authSignOut from './auth-sign-out.ts';
import * as authWhoami from './auth-whoami.ts';
import * as completion from './completion.ts';
import * as doctor from './doctor.ts';
import * as explore from './explore.ts';
import * as exportStatement from './export-statement.ts';
import * as identityList from './identity-list.ts';
import * as identityUnlink from './identity-unlink.ts';
import * as init from './init.ts';
import * as mcp from './mcp.ts';
import * as metricsExport from './metrics-export.ts';
import * as metricsImport from './metrics-import.ts';
import * as metricsList from './metrics-list.ts';
import * as metricsRun from './metrics-run.ts';
import * as metricsShow from './metrics-show.ts';
import * as metricsValidate from './metrics-validate.ts';
import * as query from './query.ts';
import * as setupVerify from './setup-verify.ts';
import * as setup from './setup.ts';
import * as status from './status.ts';
import * as syncCancel from './sync-cancel.ts';
import * as syncChoose from './sync-choose.ts';
import * as syncList from './sync-list.ts';
import * as syncShow from './sync-show.ts';
import * as syncStart from './sync-start.ts';
import * as syncStatus from './sync-status.ts';
import * as sync from './sync.ts';
import * as tablesList from './tables-list.ts';
import * as tokenCreate from './token-create.ts';
import * as tokenList from './token-list.ts';
import * as tokenRevoke from './token-revoke.ts';
import * as uploadsList from './uploads-list.ts';
import * as uploadsOff from './uploads-off.ts';
import * as uploadsOn from './uploads-on.ts';
import * as uploadsRemove from './uploads-remove.ts';

export const commands = [
  adminBackup,
  adminEffectiveRoles,
  adminGrantRole,
  adminKeyList,
  adminKeyRotate,
  adminMappingCreate,
  adminMappingDelete,
  adminMappingList,
  adminRevokeRole,
  adminRoleCreate,
  adminRoleDelete,
  adminRoleList,
  adminRoleShow,
  adminRoleUpdate,
  adminSecretList,
  adminSecretRemove,
  adminSetCoreRole,
  adminSourceCreate,
  adminSourceDelete,
  adminSourceList,
  adminSourceShow,
  adminSourceUpdate,
  adminTableDescribeColumns,
  adminTableDiscover,
  adminTableList,
  adminTablePushColumns,
  adminTableRegisterAll,
  adminTableRegister,
  adminTableUnregister,
  adminTableUpdate,
  adminTokenList,
  adminTokenRevoke,
  adminUpgradeReport,
  adminUserActivate,
  adminUserCreate,
  adminUserDeactivate,
  adminUserDelete,
  adminUserInvite,
  adminUserList,
  adminUserResetPassword,
  adminUserShow,
  adminUserUpdate,
  auditList,
  authImportToken,
  authLogin,
  authSignOut,
  authWhoami,
  completion,
  doctor,
  explore,
  exportStatement,
  identityList,
  identityUnlink,
  init,
  mcp,
  metricsExport,
  metricsImport,
  metricsList,
  metricsRun,
  metricsShow,
  metricsValidate,
  query,
  setupVerify,
  setup,
  status,
  syncCancel,
  syncChoose,
  syncList,
  syncShow,
  syncStart,
  syncStatus,
  sync,
  tablesList,
  tokenCreate,
  tokenList,
  tokenRevoke,
  uploadsList,
  uploadsOff,
  uploadsOn,
  uploadsRemove,
] satisfies readonly Command[];
