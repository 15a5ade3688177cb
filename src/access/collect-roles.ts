import { coreRoles } from './core-roles.ts';
import { findCycles } from './role-graph.ts';
import { isRoleKey, ownerModuleOf, roleKeyGrammar, type Role, type RoleDefinition } from './role.ts';

/** The roles that code defines contradict each other or the rules of keys; `faults` has one sentence for each. */
export class RoleDefinitionError extends Error {
  readonly code = 'INVALID_ROLE_DEFINITIONS';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The definitions of roles are not valid:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'RoleDefinitionError';
    this.faults = faults;
  }
}

/**
 * The core roles and those of `definitions` as they are to be stored, sorted by key, each `impliedBy` turned into an
 * `implies` of the other role. Throws a `RoleDefinitionError` that tells all faults together.
 */
export function collectRoles(definitions: readonly RoleDefinition[]): Role[] {
  const all = [...new Set([...coreRoles, ...definitions])];
  const byKey = new Map<string, RoleDefinition>();
  for (const definition of all) if (!byKey.has(definition.key)) byKey.set(definition.key, definition);
  const implies = impliesOf(all, byKey);
  const faults = [
    ...all.flatMap(keyFaults),
    ...all.flatMap((definition) => repetitionFaults(definition, byKey)),
    ...all.flatMap((definition) => unknownKeyFaults(definition, byKey)),
    ...findCycles(implies).map((cycle) => `roles imply each other in a circle: ${cycle.join(' → ')}`),
  ];
  if (faults.length > 0) throw new RoleDefinitionError(faults);
  return [...byKey.values()]
    .map((definition) => storedRole(definition, implies.get(definition.key)?.implies ?? []))
    .toSorted((left, right) => (left.key < right.key ? -1 : 1));
}

function storedRole(definition: RoleDefinition, implies: readonly string[]): Role {
  const { key, displayName, description } = definition;
  return { key, displayName, description, ownerModule: ownerModuleOf(key), isCore: isCore(definition), implies };
}

function isCore(definition: RoleDefinition): boolean {
  return coreRoles.includes(definition);
}

function impliesOf(all: readonly RoleDefinition[], byKey: ReadonlyMap<string, RoleDefinition>) {
  const implies = new Map([...byKey.keys()].map((key) => [key, new Set<string>()]));
  for (const definition of all) {
    for (const implied of definition.implies) implies.get(definition.key)?.add(implied);
    for (const holder of definition.impliedBy) implies.get(holder)?.add(definition.key);
  }
  return new Map([...implies].map(([key, keys]) => [key, { implies: [...keys].toSorted() }]));
}

function keyFaults(definition: RoleDefinition): string[] {
  const { key } = definition;
  if (!isRoleKey(key)) return [`${JSON.stringify(key)} is not a role key; a key is ${roleKeyGrammar}`];
  if (ownerModuleOf(key) === 'core' && !isCore(definition)) {
    return [
      `${key} (${JSON.stringify(definition.displayName)}): the module name core is reserved; name the role after its own module`,
    ];
  }
  return [];
}

function repetitionFaults(definition: RoleDefinition, byKey: ReadonlyMap<string, RoleDefinition>): string[] {
  const first = byKey.get(definition.key);
  if (first === undefined || first === definition) return [];
  const differing = (['displayName', 'description', 'implies', 'impliedBy'] as const)
    .map((field) => ({ field, one: JSON.stringify(first[field]), other: JSON.stringify(definition[field]) }))
    .filter(({ one, other }) => one !== other)
    .map(({ field, one, other }) => `${field} ${one} and ${other}`);
  const { key } = definition;
  if (differing.length === 0) return [`${key} is defined twice; remove one of the definitions`];
  return [`${key} is defined twice, with different fields: ${differing.join(', ')}`];
}

function unknownKeyFaults(definition: RoleDefinition, byKey: ReadonlyMap<string, RoleDefinition>): string[] {
  const { key } = definition;
  return [
    ...definition.implies
      .filter((other) => !byKey.has(other))
      .map((other) => `${key} implies ${JSON.stringify(other)}, which no module defines`),
    ...definition.impliedBy
      .filter((other) => !byKey.has(other))
      .map((other) => `${key} is implied by ${JSON.stringify(other)}, which no module defines`),
  ];
}
