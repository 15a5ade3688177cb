import type { Connector } from '../../connectors/contract.ts';
import { InvalidInputError } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import type { Source } from '../registry/source.ts';

/** How a connector runs statements at its source. */
export type Statements = NonNullable<Connector['statements']>;

/** How statements run at this source; throws an `InvalidInputError` where its connector runs none. */
export function demandStatements(services: Services, source: Source, path = 'source'): Statements {
  const statements = services.connectors.statementsOf(source.connector);
  if (statements) return statements;
  throw new InvalidInputError([{ path, message: `The source ${source.name} runs no statements.${others(services)}` }]);
}

/** The named source, or the only one that runs statements; throws an `InvalidInputError` on `path` that names those there are. */
export function findStatementSource(services: Services, given: { name: string | null; path: string }): Source {
  const { name, path } = given;
  const able = statementSources(services);
  const [only, second] = able;
  if (name === null && only && !second) return only;
  const named = name === null ? null : services.registry.sourceByName(name);
  if (named) {
    demandStatements(services, named, path);
    return named;
  }
  const fault = name === null ? 'Name the source that runs this.' : `There is no source ${JSON.stringify(name)}.`;
  throw new InvalidInputError([{ path, message: `${fault}${others(services)}` }]);
}

function others(services: Services): string {
  const names = statementSources(services).map(({ name }) => name);
  return names.length > 0 ? ` Sources that run statements: ${names.join(', ')}.` : ' No source here runs statements.';
}

function statementSources(services: Services): Source[] {
  return services.registry.sources().filter(({ connector }) => services.connectors.statementsOf(connector));
}
