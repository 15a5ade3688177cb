/**
 * The role keys that code may name in a rule. Each `defineRole` augments this interface beside its definition:
 * `declare module '../operation/role-key.ts' { interface RoleKeys { 'core.admin': true } }`.
 */
// oxlint-disable-next-line typescript/no-empty-object-type
export interface RoleKeys {}

/** A role defined in code; roles made by an administrator are plain strings and never stand in a rule. */
export type RoleKey = keyof RoleKeys & string;
