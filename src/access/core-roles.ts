import { defineRole, type RoleDefinition } from './role.ts';

declare module '../operation/role-key.ts' {
  interface RoleKeys {
    'core.viewer': true;
    'core.analyst': true;
    'core.km_admin': true;
    'core.admin': true;
  }
}

export const coreViewer = defineRole({
  key: 'core.viewer',
  displayName: 'Viewer',
  description: 'Sees, and queries, the tables that are public or shared with them.',
});

export const coreAnalyst = defineRole({
  key: 'core.analyst',
  displayName: 'Analyst',
  description: 'Works with the tables they may read: exports results and takes copies to their own computer.',
  implies: ['core.viewer'],
});

export const coreKnowledgeAdmin = defineRole({
  key: 'core.km_admin',
  displayName: 'Knowledge administrator',
  description: 'Keeps metric definitions, descriptions of columns and shared knowledge in order.',
  implies: ['core.analyst'],
});

export const coreAdmin = defineRole({
  key: 'core.admin',
  displayName: 'Administrator',
  description: 'Manages users, roles, sources and tables, and reads every table.',
  implies: ['core.km_admin'],
});

/** The four roles that every installation has; the module name `core` is reserved to them. */
export const coreRoles: readonly RoleDefinition[] = Object.freeze([
  coreViewer,
  coreAnalyst,
  coreKnowledgeAdmin,
  coreAdmin,
]);
