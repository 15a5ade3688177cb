/** Roles by key with what each implies directly. A key without an entry gives nothing, whoever names it. */
export type RoleGraph = ReadonlyMap<string, { readonly implies: readonly string[] }>;

/** The roles of `from` and all they imply, transitively; keys that `roles` does not have are left out. Cycles are safe. */
export function expandRoles(roles: RoleGraph, from: Iterable<string>): Set<string> {
  const reached = new Set<string>();
  for (const key of from) if (roles.has(key)) reached.add(key);
  // A Set visits what is added while it is walked.
  for (const key of reached) {
    for (const implied of roles.get(key)?.implies ?? []) if (roles.has(implied)) reached.add(implied);
  }
  return reached;
}

const mostPaths = 1_000;

/**
 * For each role that `from` gives: every path of keys from it to that role, both included, shortest first. No path visits
 * a role twice. Where there are more than 1,000 paths in all, each role still has a shortest one.
 */
export function pathsFrom(roles: RoleGraph, from: string): Map<string, (readonly string[])[]> {
  const found = new Map<string, (readonly string[])[]>();
  const waiting: (readonly string[])[] = roles.has(from) ? [[from]] : [];
  const reached = new Set([from]);
  // The list grows while it is walked, so shorter paths come first.
  for (const path of waiting) {
    const last = path.at(-1) as string;
    const known = found.get(last);
    if (known) known.push(path);
    else found.set(last, [path]);
    for (const implied of new Set(roles.get(last)?.implies)) {
      if (!roles.has(implied) || path.includes(implied)) continue;
      if (waiting.length < mostPaths || !reached.has(implied)) waiting.push([...path, implied]);
      reached.add(implied);
    }
  }
  return found;
}

/** For each role that another one implies: the keys that imply it directly, in the order of `roles`. */
export function invertImplies(roles: RoleGraph): Map<string, string[]> {
  const impliedBy = new Map<string, string[]>();
  for (const [key, role] of roles) {
    for (const implied of new Set(role.implies)) {
      const holders = impliedBy.get(implied);
      if (holders) holders.push(key);
      else impliedBy.set(implied, [key]);
    }
  }
  return impliedBy;
}

/**
 * Cycles of `implies`, each as the path `[a, b, a]` that begins with its least key. At least one for each group of roles
 * that imply each other; empty when there is none.
 */
export function findCycles(roles: RoleGraph): string[][] {
  const finished = new Set<string>();
  const cycles = new Map<string, string[]>();
  for (const start of [...roles.keys()].toSorted()) {
    for (const cycle of cyclesFrom({ roles, start, finished })) cycles.set(cycle.join(' '), cycle);
  }
  return [...cycles.values()];
}

/** Walks in depth without recursion, so that a long chain of roles cannot exhaust the stack. */
function* cyclesFrom(walk: { roles: RoleGraph; start: string; finished: Set<string> }): Generator<string[]> {
  const { roles, start, finished } = walk;
  if (finished.has(start)) return;
  const trail = [start];
  const open = [impliedIterator(roles, start)];
  const onTrail = new Set(trail);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const { value: implied, done } = top.next();
    if (done) {
      const key = trail.pop() as string;
      onTrail.delete(key);
      finished.add(key);
      open.pop();
    } else if (onTrail.has(implied)) {
      yield closedPath(trail.slice(trail.indexOf(implied)));
    } else if (roles.has(implied) && !finished.has(implied)) {
      trail.push(implied);
      onTrail.add(implied);
      open.push(impliedIterator(roles, implied));
    }
  }
}

function impliedIterator(roles: RoleGraph, key: string): Iterator<string, undefined> {
  return (roles.get(key)?.implies ?? [])[Symbol.iterator]();
}

function closedPath(members: string[]): string[] {
  const least = members.indexOf(members.toSorted()[0] as string);
  const turned = [...members.slice(least), ...members.slice(0, least)];
  return [...turned, turned[0] as string];
}
