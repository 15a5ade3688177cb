import { InvalidInputError } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import { parseOptions } from './parse-options.ts';
import { schedule } from './schedule.ts';
import type { Source } from './source.ts';

const checkSeconds = 30;

/**
 * The configuration as the connector reads it, once the connector has reached the system with it; throws an
 * `InvalidInputError` below `config` otherwise.
 */
export async function checkSource(
  services: Services,
  given: Pick<Source, 'connector' | 'config'>,
): Promise<Record<string, unknown>> {
  const connector = services.connectors.named(given.connector);
  const config = parseOptions(connector.sourceConfig, { path: 'config', value: given.config });
  for (const { name, schedule: text } of connector.tasks?.(config) ?? []) {
    const parsed = schedule.nullable().safeParse(text);
    if (parsed.success) continue;
    throw new InvalidInputError([{ path: `config.schedules.${name}`, message: parsed.error.issues[0]!.message }]);
  }
  const context = services.connectors.contextOf({ ...given, config }, AbortSignal.timeout(checkSeconds * 1000));
  try {
    await connector.check(context);
  } catch (error) {
    throw new InvalidInputError([{ path: 'config', message: (error as Error).message }]);
  }
  return config;
}
