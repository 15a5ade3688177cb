import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { MetricDefinition, Metric } from './metric.ts';
import { namesOfTables, tablesInSql, tablesNamed } from './named-tables.ts';

/** What a list of metrics is narrowed to. */
export interface MetricSearch {
  category?: string | null;
  /** Part of the name, the display name, the description or a synonym, in any case. */
  search?: string | null;
}

/**
 * The metrics whose definitions the principal may see, by id. Curators see all. Anybody else sees a definition when every
 * table that it names, and every registered table that its SQL reads, is one that they may read.
 */
export function visibleMetrics(services: Services, principal: Principal, wanted: MetricSearch = {}): Metric[] {
  const isVisible = visibilityFor(services, principal);
  const text = wanted.search?.trim().toLowerCase() ?? '';
  return services.metrics
    .metrics()
    .filter(({ definition }) => wanted.category == null || definition.category === wanted.category)
    .filter(({ definition }) => matches(definition, text))
    .filter(({ definition }) => isVisible(definition));
}

/** The metric with this id, or null when there is none for this principal. */
export function visibleMetric(services: Services, principal: Principal, id: string): Metric | null {
  const metric = services.metrics.metric(id);
  return metric && visibilityFor(services, principal)(metric.definition) ? metric : null;
}

function visibilityFor(services: Services, principal: Principal): (definition: MetricDefinition) => boolean {
  if (principal.roles.has('core.km_admin')) return () => true;
  const tables = services.registry.tables();
  const readable = services.tableAccess.readableSet(principal);
  return (definition) => {
    const named = namesOfTables(definition).map((name) => tablesNamed(tables, name));
    if (named.some((meant) => meant.length === 0)) return false;
    return [...named.flat(), ...tablesInSql(tables, definition)].every(({ id }) => readable.has(id));
  };
}

function matches({ name, displayName, description, synonyms }: MetricDefinition, text: string): boolean {
  return [name, displayName, description ?? '', ...synonyms].some((part) => part.toLowerCase().includes(text));
}
