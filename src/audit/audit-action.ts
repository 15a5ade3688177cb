/**
 * The closed union of audit actions, `<noun>.<pastTense>`, each with the shape of its details. An operation augments it:
 * `declare module '../audit/audit-action.ts' { interface AuditActions { 'role.granted': { roleKey: string } } }`.
 */
// oxlint-disable-next-line typescript/no-empty-object-type
export interface AuditActions {}

export type AuditAction = keyof AuditActions & string;
