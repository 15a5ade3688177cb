import { Failure } from '../kernel/errors.ts';

/** Something wrong with a metric definition; place and file only where it stands in a file. */
export interface MetricFault {
  file: string | null;
  /** From 1. */
  line: number | null;
  /** From 1. */
  column: number | null;
  /** The metric that it concerns, when it is known which. */
  metricId: string | null;
  message: string;
}

/** The files do not say what is needed; `faults` has every fault of every file, and nothing was stored. */
export class InvalidMetricsError extends Failure {
  readonly code = 'INVALID_METRICS';
  readonly faults: readonly MetricFault[];

  constructor(faults: readonly MetricFault[]) {
    super(`Nothing was imported: ${faults.length === 1 ? 'one fault' : `${faults.length} faults`} in the files.`);
    this.faults = faults;
  }
}
