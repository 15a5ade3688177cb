import type { Metric } from './metric.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly metrics: MetricIndex;
  }
}

/** A change of one metric, as the outbox carries it. */
export interface MetricChange {
  op: 'put' | 'drop';
  row: Metric;
}

/** Every metric definition in memory: there are few, and each list is filtered by what its reader may read. */
export class MetricIndex {
  readonly #metrics = new Map<string, Metric>();
  #sorted: readonly Metric[] | null = null;

  /** Puts or drops one metric. */
  apply({ op, row }: MetricChange): void {
    if (op === 'put') this.#metrics.set(row.id, row);
    else this.#metrics.delete(row.id);
    this.#sorted = null;
  }

  metric(id: string): Metric | null {
    return this.#metrics.get(id) ?? null;
  }

  /** Every metric, by id. */
  metrics(): readonly Metric[] {
    this.#sorted ??= [...this.#metrics.values()].toSorted((left, right) => (left.id < right.id ? -1 : 1));
    return this.#sorted;
  }
}
