import { Failure } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import type { Source } from '../registry/source.ts';

/** The stored configuration of a source is not one that its connector takes: a state of before did not say all of it. */
export class SourceNotCompleteError extends Failure {
  readonly code = 'SOURCE_NOT_COMPLETE';
}

/** Throws a `SourceNotCompleteError` unless the connector takes the configuration as it is stored. */
export function demandCompleteSource(services: Services, source: Source): void {
  const parsed = services.connectors.named(source.connector).sourceConfig.safeParse(source.config);
  if (parsed.success) return;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new SourceNotCompleteError(
    `The configuration of ${source.name} is not complete (${faults}); correct it with \`da admin source update\`.`,
  );
}
