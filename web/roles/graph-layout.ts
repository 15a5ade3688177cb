/** A role with the keys of those that it implies directly. */
export interface GraphRole {
  key: string;
  implies: readonly { key: string }[];
}

/** Columns count from the left, rows from the top; a row may lie between two whole ones. */
export interface Place {
  column: number;
  row: number;
}

/** A line from one role to one that it implies, by way of the places where it crosses the columns between. */
export interface GraphLine {
  from: string;
  to: string;
  points: readonly Place[];
}

export interface GraphLayout {
  places: ReadonlyMap<string, Place>;
  lines: readonly GraphLine[];
  columns: number;
  rows: number;
  /** Keys of the roles that no other implies and that imply none. They have no place. */
  alone: readonly string[];
}

/** What stands in a column: a role, or a line on its way. */
interface Item extends Place {
  /** The items it is joined with. */
  neighbours: Item[];
}

const sweeps = 8;

/**
 * Places roles so that each stands left of all that it implies: the longest way from it to the end is the number of columns
 * right of it. Lines cross seldom, no two places are the same, and the same roles are always placed alike.
 */
export function layOutRoles(roles: readonly GraphRole[]): GraphLayout {
  const implies = readImplies(roles);
  const joined = roles.map(({ key }) => key).filter((key) => implies.has(key));
  const depths = measureDepths(implies);
  const columns = Math.max(-1, ...joined.map((key) => depths.get(key)!)) + 1;
  const ranks: Item[][] = Array.from({ length: columns }, () => []);

  function add(column: number): Item {
    const rank = ranks[column]!;
    const item = { column, row: rank.length, neighbours: [] };
    rank.push(item);
    return item;
  }
  const items = new Map(joined.map((key) => [key, add(columns - 1 - depths.get(key)!)]));
  const lines = joined.flatMap((from) =>
    implies.get(from)!.map((to) => ({ from, to, points: joinItems(items.get(from)!, items.get(to)!, add) })),
  );
  for (let sweep = 0; sweep < sweeps; sweep += 1) untangle(sweep % 2 === 0 ? ranks : ranks.toReversed());
  const rows = Math.max(0, ...ranks.map((rank) => rank.length));
  for (const rank of ranks) for (const item of rank) item.row += (rows - rank.length) / 2;
  const alone = roles.map(({ key }) => key).filter((key) => !implies.has(key));
  return { places: items, lines, columns, rows, alone };
}

/** What each role that is joined with another implies, of the roles there are. */
function readImplies(roles: readonly GraphRole[]): Map<string, string[]> {
  const known = new Set(roles.map(({ key }) => key));
  const implies = new Map<string, string[]>();
  for (const role of roles) {
    const implied = role.implies.map(({ key }) => key).filter((key) => known.has(key));
    if (implied.length > 0) implies.set(role.key, implied);
  }
  for (const key of [...implies.values()].flat()) if (!implies.has(key)) implies.set(key, []);
  return implies;
}

/** For each role the length of the longest way from it to the end. The server keeps circles out; one would end this too. */
function measureDepths(implies: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const depths = new Map<string, number>();
  function measure(key: string): number {
    const known = depths.get(key);
    if (known !== undefined) return known;
    depths.set(key, 0);
    const depth = Math.max(-1, ...implies.get(key)!.map(measure)) + 1;
    depths.set(key, depth);
    return depth;
  }
  for (const key of implies.keys()) measure(key);
  return depths;
}

/** Adds a place for the line in each column between, so that no role stands in its way; returns the whole way. */
function joinItems(from: Item, to: Item, add: (column: number) => Item): Item[] {
  const between = Array.from({ length: Math.max(0, to.column - from.column - 1) }, (_, index) =>
    add(from.column + 1 + index),
  );
  const way = [from, ...between, to];
  for (const [index, item] of way.entries()) {
    const next = way[index + 1];
    if (!next) break;
    item.neighbours.push(next);
    next.neighbours.push(item);
  }
  return way;
}

/** Orders each column by where the neighbours in the column before stand, on average. */
function untangle(ranks: readonly Item[][]): void {
  for (const [index, rank] of ranks.entries()) {
    const before = new Set(ranks[index - 1]);
    const wishes = new Map(rank.map((item) => [item, averageRow(item, before)]));
    rank.sort((one, other) => wishes.get(one)! - wishes.get(other)! || one.row - other.row);
    for (const [row, item] of rank.entries()) item.row = row;
  }
}

function averageRow(item: Item, among: ReadonlySet<Item>): number {
  const rows = item.neighbours.filter((neighbour) => among.has(neighbour)).map(({ row }) => row);
  return rows.length === 0 ? item.row : rows.reduce((sum, row) => sum + row, 0) / rows.length;
}
