/** A canonical business metric as it is written down; lists are empty and texts null where nothing was said. */
export interface MetricDefinition {
  category: string;
  /** Unique within its category. */
  name: string;
  displayName: string;
  type: string;
  unit: string | null;
  description: string | null;
  expression: string | null;
  /** The column of `table` that tells when a row counts. */
  timeColumn: string | null;
  grain: string;
  /** The table whose rows are measured: its SQL name, its alias, or its name at its source. */
  table: string | null;
  /** Further tables that the SQL reads, named likewise. */
  tables: string[];
  /** Columns by which rows may be narrowed. */
  dimensions: string[];
  /** What the SQL leaves out, in words or SQL, for readers; never applied. */
  filters: string[];
  synonyms: string[];
  notes: string[];
  /** The canonical statement. */
  sql: string;
  /** By name. */
  sqlVariants: MetricVariant[];
  /** Kept as it is, never interpreted. */
  validation: Record<string, unknown> | null;
}

/** The statement of a metric in another cut; `name` is `by_<something>`. */
export interface MetricVariant {
  name: string;
  sql: string;
}

/** A stored metric definition. */
export interface Metric {
  /** `<category>/<name>`. */
  id: string;
  definition: MetricDefinition;
  /** Where the definition came from when it last changed. */
  source: 'manual' | 'yaml_import';
  createdAt: Date;
  updatedAt: Date;
}

/** The id of the metric that this definition defines. */
export function metricId({ category, name }: Pick<MetricDefinition, 'category' | 'name'>): string {
  return `${category}/${name}`;
}
