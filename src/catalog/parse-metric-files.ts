import { setImmediate as nextTurn } from 'node:timers/promises';
import { InvalidMetricsError, type MetricFault } from './metric-fault.ts';
import { metricId } from './metric.ts';
import { parseMetricFile, type MetricFile, type ParsedFile, type PlacedDefinition } from './parse-metric-file.ts';

const mostMetrics = 500;
const mostFaults = 1000;

/** Every definition of these files; throws an `InvalidMetricsError` with all faults of all files when there is one. */
export async function parseMetricFiles(files: readonly MetricFile[]): Promise<PlacedDefinition[]> {
  const parsed: ParsedFile[] = [];
  for (const file of files) {
    parsed.push(parseMetricFile(file));
    // Others are served between two files.
    await nextTurn();
  }
  const definitions = parsed.flatMap((file) => file.definitions);
  const faults = [...parsed.flatMap((file) => file.faults), ...findDuplicates(definitions)];
  const beyond = definitions[mostMetrics];
  if (beyond) faults.push(beyond.faultAt([], `One import holds ${mostMetrics} metrics at most; split it.`));
  if (faults.length > 0) throw new InvalidMetricsError(faults.slice(0, mostFaults));
  return definitions;
}

function findDuplicates(placed: readonly PlacedDefinition[]): MetricFault[] {
  const firsts = new Map<string, PlacedDefinition>();
  return placed.flatMap((current) => {
    const id = metricId(current.definition);
    const first = firsts.get(id);
    if (!first) {
      firsts.set(id, current);
      return [];
    }
    const { file, line } = first.faultAt([], '');
    return [current.faultAt(['name'], `The metric ${id} is defined already in ${file}, line ${line}.`)];
  });
}
