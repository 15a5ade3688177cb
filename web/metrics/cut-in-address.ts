/** Rows whose dimension has one of these values. */
export interface DimensionFilter {
  dimension: string;
  values: string[];
}

/** How a metric is run; days as `2026-01-31`, empty where none was given. */
export interface MetricCut {
  /** Empty: the canonical statement. */
  variant: string;
  from: string;
  to: string;
  filters: DimensionFilter[];
}

/** What the address of a metric says. */
export interface CutSearch {
  variant?: string;
  from?: string;
  to?: string;
  /** The filters as JSON. */
  where?: string;
}

/** Keeps of an address what it may say of a cut. */
export function readCutSearch({ variant, from, to, where }: Record<string, unknown>): CutSearch {
  return {
    ...(isText(variant) && { variant }),
    ...(isText(from) && { from }),
    ...(isText(to) && { to }),
    ...(isText(where) && { where }),
  };
}

/** The cut that an address asks for. */
export function cutFrom({ variant = '', from = '', to = '', where = '[]' }: CutSearch): MetricCut {
  return { variant, from, to, filters: parseFilters(where) };
}

/** The address of a cut; filters without values are none. */
export function searchOfCut({ variant, from, to, filters }: MetricCut): CutSearch {
  const given = filters.filter(({ values }) => values.length > 0);
  return readCutSearch({ variant, from, to, where: given.length > 0 ? JSON.stringify(given) : '' });
}

function parseFilters(where: string): DimensionFilter[] {
  try {
    const filters: unknown = JSON.parse(where);
    return Array.isArray(filters) ? filters.filter(isFilter) : [];
  } catch {
    return [];
  }
}

function isFilter(value: unknown): value is DimensionFilter {
  if (typeof value !== 'object' || value === null) return false;
  const { dimension, values } = value as Partial<Record<keyof DimensionFilter, unknown>>;
  return isText(dimension) && Array.isArray(values) && values.every(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
