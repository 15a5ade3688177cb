import { InvalidInputError, type FieldFault } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import { parseOptions } from './parse-options.ts';
import { statementOf } from './query-mode.ts';
import type { Source } from './source.ts';

const longestSeconds = 60;

/** Options of a table that is to be, and where its input stands. */
interface CheckedOptions {
  options: Record<string, unknown>;
  path: string;
}

/**
 * Asks the source of each statement among these options whether it can run it, which costs nothing there. Throws an
 * `InvalidInputError` with the source's own sentence for each that it refuses.
 */
export async function checkStatements(
  services: Services,
  given: { source: Source; tables: readonly CheckedOptions[] },
): Promise<void> {
  const { source, tables } = given;
  const connector = services.connectors.named(source.connector);
  const context = services.connectors.contextOf(source, AbortSignal.timeout(longestSeconds * 1000));
  const faults: FieldFault[] = [];
  for (const { options, path } of tables) {
    const statement = statementOf(connector, parseOptions(connector.tableOptions, { path, value: options }));
    if (statement === null) continue;
    try {
      await connector.statements!.estimate(context, { statement });
    } catch (error) {
      const message = context.signal.aborted
        ? `The source did not answer within ${longestSeconds} seconds; try again.`
        : (error as Error).message;
      faults.push({ path: `${path}.statement`, message });
      if (context.signal.aborted) break;
    }
  }
  if (faults.length > 0) throw new InvalidInputError(faults);
}
